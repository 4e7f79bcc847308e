import { connectionTo, MAX_DIALING_SECONDS, DIAL_RETRIES } from "../../../../components/installer/connection";
import { Secret } from "../../../../config/secret";

const host = { address: "198.51.100.7", port: 22, user: "core", hostKey: "ssh-ed25519 AAAA host\n", privateKey: "host's" };
const own = { user: "core", hostKey: "ssh-ed25519 AAAA host", privateKey: "host's", agentSocketPath: "", ...DIAL_RETRIES };

describe("the connection to the installer host", () => {
  test("is direct if the host has a public address", () => {
    expect(connectionTo(host, { kind: "public" })).toEqual({ ...own, host: "198.51.100.7", port: 22 });
  });

  test("goes through a bastion with the bastion's user, key and host key, and with the host's time limits", () => {
    const bastion = { host: "bastion.example.com", port: 2200, user: "me", hostKey: "ssh-rsa AAAA b", privateKey: new Secret("bastion's") };
    expect(connectionTo(host, { kind: "bastion", bastion })).toEqual({
      ...own,
      host: "198.51.100.7",
      port: 22,
      proxy: { ...own, host: "bastion.example.com", port: 2200, user: "me", hostKey: "ssh-rsa AAAA b", privateKey: "bastion's" },
    });
  });

  test("goes to the forwarded port on this machine, and expects the installer host's own host key there", () => {
    expect(connectionTo(host, { kind: "forwarded", port: 2222 })).toEqual({ ...own, host: "127.0.0.1", port: 2222 });
  });
});

describe("dialing the installer host", () => {
  /** Sum of the pauses between this number of retries, in seconds, as the command plugin makes them. */
  const waits = (retries: number) =>
    Array.from({ length: retries }, (_, n) => Math.min(0.1 * 1.5 ** n, 5)).reduce((sum, wait) => sum + wait, 0);
  const { dialErrorLimit, perDialTimeout } = DIAL_RETRIES;

  test("lasts longer than the five minutes in which an instance boots, even if each attempt is refused at once", () => {
    expect(waits(dialErrorLimit)).toBeGreaterThan(300);
    expect(waits(dialErrorLimit)).toBeLessThan(330);
  });

  test("ends within the documented time, even if no attempt is answered", () => {
    const longest = waits(dialErrorLimit) + (dialErrorLimit + 1) * perDialTimeout;
    expect(longest).toBeLessThan(MAX_DIALING_SECONDS);
    expect(longest).toBeGreaterThan(MAX_DIALING_SECONDS - 30);
  });
});
