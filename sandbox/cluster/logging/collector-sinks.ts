import type { ForwarderSpec } from "./forwarder-conditions";

/** The collectors' directory with the ConfigMaps that outputs name (openshift/cluster-logging-operator, `internal/constants/constants.go`, release-6.5). */
const CONFIG_MAPS = "/var/run/ocp-collector/config";
const SECRETS = "/var/run/ocp-collector/secrets";

interface Reference {
  readonly key: string;
  readonly secretName?: string;
  readonly configMapName?: string;
}

interface Tls {
  readonly ca?: Reference;
  readonly certificate?: Reference;
  readonly key?: Reference;
}

/**
 * The part of the collectors' configuration that says where syslog and Kafka outputs send logs, and whether they encrypt. The operator drops the
 * scheme of their URLs. Only a CA, or a certificate and its key, turn TLS on; for Kafka the URLs of all brokers must also begin with tls: (openshift/
 * cluster-logging-operator, `internal/generator/vector/common/tls/tls.go`: NewTlsEnabled, `output/kafka/kafka.go`: isTlsBrokers, and
 * `output/syslog/syslog.go`: socketMode, release-6.6). In earlier releases an empty `tls` turns TLS on as well.
 */
export function collectorSinks({ outputs }: Pick<ForwarderSpec, "outputs">): string {
  return outputs.flatMap(sinkLines).join("\n");
}

function sinkLines(output: ForwarderSpec["outputs"][number]): string[] {
  const section = `sinks.output_${output.name.replaceAll("-", "_")}`;
  const tls = output.tls as Tls | undefined;
  switch (output.type) {
    case "syslog": {
      const { url } = output.syslog as { readonly url: string };
      const [scheme, address] = url.split("://");
      const place = [`address = "${address}"`, `mode = "${scheme === "udp" ? "udp" : "tcp"}"`];
      return [`[${section}]`, 'type = "socket"', ...place, ...tlsLines(section, tls)];
    }
    case "kafka": {
      const { brokers } = output.kafka as { readonly brokers: readonly string[] };
      const hosts = brokers.map((broker) => broker.split("://")[1]).join(",");
      const encrypted = brokers.every((broker) => broker.startsWith("tls:"));
      return [`[${section}]`, 'type = "kafka"', `bootstrap_servers = "${hosts}"`, ...(encrypted ? tlsLines(section, tls) : [])];
    }
    default:
      return [];
  }
}

function tlsLines(section: string, { ca, certificate, key }: Tls = {}): string[] {
  const files = [
    ...(ca ? [`ca_file = "${pathOf(ca)}"`] : []),
    ...(certificate && key ? [`crt_file = "${pathOf(certificate)}"`, `key_file = "${pathOf(key)}"`] : []),
  ];
  return files.length === 0 ? [] : [`[${section}.tls]`, "enabled = true", ...files];
}

function pathOf({ key, secretName, configMapName = "" }: Reference): string {
  return secretName === undefined ? `${CONFIG_MAPS}/${configMapName}/${key}` : `${SECRETS}/${secretName}/${key}`;
}
