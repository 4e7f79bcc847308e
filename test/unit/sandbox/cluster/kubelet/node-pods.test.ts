import { serviceNames } from "../../../../../sandbox/cluster/kubelet/node-pods";

type Slices = Parameters<typeof serviceNames>[0];

const slice = (service: string, endpoints: Slices[number]["endpoints"]): Slices[number] => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: `${service}-abc`, namespace: "app", labels: { "kubernetes.io/service-name": service } },
  endpoints,
});

test("a Service's name has the addresses of its ready pods on the node", () => {
  const slices = [
    slice("web", [
      { addresses: ["10.254.0.130"], nodeName: "real", conditions: { ready: true } },
      { addresses: ["10.254.0.131"], nodeName: "real", conditions: { ready: false } },
      { addresses: ["10.128.0.7"], nodeName: "simulated", conditions: { ready: true } },
    ]),
    slice("database", [{ addresses: ["10.254.0.132"], nodeName: "real" }]),
    slice("empty", null),
  ];
  expect(serviceNames(slices, "real")).toBe("10.254.0.130 web.app.svc.cluster.local\n10.254.0.132 database.app.svc.cluster.local\n");
});
