import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Forwarder, freeNetwork } from "../../../../../sandbox/cluster/kubelet/network";

const used = (address: string) => [
  { address, family: "IPv4" as const, netmask: "255.255.255.252", mac: "", internal: false, cidr: `${address}/30` },
];

test("a node gets the first network that no interface uses", () => {
  expect(freeNetwork({ lo: used("127.0.0.1") })).toEqual({
    link: "okdnode0",
    hostAddress: "10.254.0.1",
    nodeAddress: "10.254.0.2",
    podRange: "10.254.0.128/25",
  });
  expect(freeNetwork({ okdnode0: used("10.254.0.1"), okdnode1: used("10.254.1.1") }).link).toBe("okdnode2");
});

test("a node gets no network if all are in use", () => {
  const all = Object.fromEntries([...Array(256).keys()].map((number) => [`okdnode${number}`, used(`10.254.${number}.1`)]));
  expect(() => freeNetwork(all)).toThrow("10.254.0.0 to 10.254.255.0, are in use");
});

test("a forwarder connects both sides, and ends a connection whose target does not answer", async () => {
  const target = createServer((socket) => socket.end("hello"));
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  const { port } = target.address() as AddressInfo;
  const forwarder = await Forwarder.start({ address: "127.0.0.1", port: 0 }, { address: "127.0.0.1", port });
  try {
    expect(await answer(forwarder.port)).toBe("hello");
    target.close();
    await once(target, "close");
    expect(await answer(forwarder.port)).toBe("");
  } finally {
    forwarder.close();
  }
});

/** Everything that the other side sends until the connection ends, in whichever way. */
async function answer(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.on("error", () => undefined);
  await new Promise((ended) => socket.once("close", ended));
  return text;
}
