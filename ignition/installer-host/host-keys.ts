/** Types of host keys in the order in which Go's SSH client requests them (golang.org/x/crypto/ssh, `common.go`: ECDSA, RSA, Ed25519). */
const order = [/^ecdsa-sha2-/, /^ssh-rsa$/, /^ssh-ed25519$/];

/** Name of the SSM parameter in which the installer host publishes its public SSH host keys. */
export function hostKeyParameter(infraId: string): string {
  return `/okd/${infraId}/installer-host/ssh-host-key`;
}

/**
 * The public host keys that an instance has published, each as `<type> <base64>`. The key type that Go's SSH client requests comes first.
 * Empty until this instance has published its keys: the parameter may still contain the keys of a replaced instance.
 *
 * @throws Error if a line has another format, because the keys are passed to SSH.
 */
export function publishedHostKeys(published: string, instanceId: string): string[] {
  const keys: string[] = [];
  for (const line of published.split("\n").filter((each) => each.trim() !== "")) {
    const form = /^(i-[0-9a-f]+) ([a-z0-9-]+ [A-Za-z0-9+/]+=*)$/.exec(line);
    if (form === null) throw new Error(`the installer host's SSM parameter has a line that is not a host key: ${JSON.stringify(line)}`);
    if (form[1] === instanceId) keys.push(form[2]);
  }
  const rank = (key: string): number => {
    const found = order.findIndex((type) => type.test(key.split(" ")[0]));
    return found < 0 ? order.length : found;
  };
  return keys.sort((one, other) => rank(one) - rank(other));
}
