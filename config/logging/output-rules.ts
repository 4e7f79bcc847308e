import type { KeyProblem } from "../problem";
import { rule } from "../rule";
import { secretEntryProblems, wantedSecrets } from "../secret-entries";
import { type LogOutputSettings, secretOfOutput } from "./settings";

/** A problem of an item of a list. */
function item(key: string, index: number, name: string, problem: Omit<KeyProblem, "key">): KeyProblem {
  return { ...problem, key, wrong: `item ${index + 1} (${name}) ${problem.wrong}` };
}

export const outputsHaveTheirSecrets = rule(["logOutputs", "logOutputSecrets"], ({ logOutputs, logOutputSecrets }) =>
  secretEntryProblems({
    key: "logOutputSecrets",
    secrets: logOutputSecrets,
    owners: "logOutputs",
    owner: "output",
    wanted: wantedSecrets(logOutputs, secretOfOutput),
  }),
);

export const outputsAreComplete = rule(["logOutputs", "credentialsMode"], ({ logOutputs, credentialsMode }): KeyProblem[] =>
  logOutputs.flatMap((output, index) =>
    [...loginProblems(output, credentialsMode), ...plainTextProblems(output)].map((problem) =>
      item("logOutputs", index, output.name, problem),
    ),
  ),
);

function loginProblems(output: LogOutputSettings, credentialsMode: string): Omit<KeyProblem, "key">[] {
  switch (output.type) {
    case "elasticsearch":
    case "http": {
      const { login = "none", username } = output;
      if (login === "basic" && username === undefined)
        return [{ wrong: "has login basic, but no username", allowed: "a username with login basic", fix: "set its username" }];
      if (login !== "basic" && username !== undefined)
        return [
          {
            wrong: `has a username, but login ${login}`,
            allowed: "a username with login basic",
            fix: "set its login to basic, or remove its username",
          },
        ];
      return [];
    }
    case "kafka":
      return kafkaProblems(output);
    case "cloudwatch":
      return cloudwatchProblems(output, credentialsMode);
    default:
      return [];
  }
}

function kafkaProblems({ brokers, username, mechanism }: Extract<LogOutputSettings, { type: "kafka" }>): Omit<KeyProblem, "key">[] {
  if (brokers.length === 0) return [{ wrong: "has no broker", allowed: "at least one broker", fix: "add a broker" }];
  // If one broker has no TLS, the operator encrypts the connections to none of the brokers (openshift/cluster-logging-operator, kafka.go:
  // isTlsBrokers).
  if (new Set(brokers.map((broker) => broker.split(":")[0])).size > 1)
    return [
      {
        wrong: "has brokers with tls:// and with tcp://, so the collectors would not encrypt at all",
        allowed: "brokers that all begin with tls://, or all with tcp://",
        fix: "use the encrypted port of each broker",
      },
    ];
  return mechanism !== undefined && username === undefined
    ? [
        {
          wrong: "has a mechanism, but no username",
          allowed: "a mechanism with username",
          fix: "set its username, or remove its mechanism",
        },
      ]
    : [];
}

/**
 * The collectors assume a role with a service account's token. AWS accepts the token only if its issuer is public, which it is only in mode
 * manual.
 */
function cloudwatchProblems(
  { roleArn, accessKeyId }: Extract<LogOutputSettings, { type: "cloudwatch" }>,
  credentialsMode: string,
): Omit<KeyProblem, "key">[] {
  const allowed = "either roleArn, in credentialsMode manual, or accessKeyId";
  if ((roleArn === undefined) === (accessKeyId === undefined))
    return [
      {
        wrong: roleArn === undefined ? "has neither roleArn nor accessKeyId" : "has roleArn and accessKeyId",
        allowed,
        fix: "set either roleArn or accessKeyId",
      },
    ];
  if (roleArn === undefined || ["manual", ""].includes(credentialsMode)) return [];
  return [
    {
      wrong: `has a roleArn, but credentialsMode is ${credentialsMode}, in which AWS does not know the cluster's tokens`,
      allowed,
      fix: "set its accessKeyId instead",
    },
  ];
}

/** Without TLS, anybody on the network path can read a login, and a CA has no effect. */
function plainTextProblems(output: LogOutputSettings): Omit<KeyProblem, "key">[] {
  const urls = output.type === "kafka" ? output.brokers : "url" in output ? [output.url] : [];
  const plain = urls.find((url) => /^(http|tcp|udp):/i.test(url));
  if (plain === undefined) return [];
  const scheme = plain.split(":")[0];
  if (secretOfOutput(output) !== undefined)
    return [
      {
        wrong: `would send its secret without encryption: its URL starts with ${scheme}://`,
        allowed: "https:// or tls:// with a login",
        fix: "use the encrypted port of the server, or remove the login",
      },
    ];
  return output.ca === undefined
    ? []
    : [
        {
          wrong: `has a ca, but its URL starts with ${scheme}://`,
          allowed: "a ca with https:// or tls://",
          fix: "remove its ca, or use TLS",
        },
      ];
}

export const pipelinesNameOutputs = rule(["logOutputs", "logPipelines"], ({ logOutputs, logPipelines }): KeyProblem[] => {
  const names = logOutputs.map(({ name }) => name);
  return logPipelines.flatMap(({ name, outputs }, index) => {
    const unknown = outputs.filter((each) => !names.includes(each));
    if (outputs.length === 0)
      return [item("logPipelines", index, name, { wrong: "has no outputs", allowed: "at least one of logOutputs", fix: "add an output" })];
    if (unknown.length === 0) return [];
    return [
      item("logPipelines", index, name, {
        wrong: `names ${unknown.join(", ")}, but logOutputs does not have it`,
        allowed: names.length === 0 ? "an output that logOutputs declares" : names.join(", "),
        fix: "add the output to logOutputs, or name an output of logOutputs",
      }),
    ];
  });
});

/** The operator refuses an output without a pipeline (openshift/cluster-logging-operator, `internal/validations/observability/outputs/validate.go`, master). */
export const outputsGetLogs = rule(["logOutputs", "logPipelines"], ({ logOutputs, logPipelines }): KeyProblem[] => {
  const used = logPipelines.flatMap(({ outputs }) => outputs);
  return logOutputs.flatMap(({ name }, index) =>
    used.includes(name)
      ? []
      : [
          item("logOutputs", index, name, {
            wrong: "is set, but no pipeline sends it logs",
            allowed: "an output that one of logPipelines names",
            fix: "add a pipeline, or remove the output",
          }),
        ],
  );
});

export const onlyApplicationsHaveNamespaces = rule(["logPipelines"], ({ logPipelines }): KeyProblem[] =>
  logPipelines.flatMap(({ name, kinds, namespaces = [], excludedNamespaces = [] }, index) => {
    if (kinds.includes("application") || namespaces.length + excludedNamespaces.length === 0) return [];
    return [
      item("logPipelines", index, name, {
        wrong: "selects namespaces, but forwards no application logs",
        allowed: "namespaces and excludedNamespaces with the kind application",
        fix: "add application to its kinds, or remove the namespaces",
      }),
    ];
  }),
);
