/** Types of host keys in the order in which Go's ssh client asks for them (golang.org/x/crypto/ssh, `common.go`: ECDSA, RSA, Ed25519). */
const order = [/^ecdsa-sha2-/, /^ssh-rsa$/, /^ssh-ed25519$/];

/** Name of the SSM parameter in which the installer host publishes its public ssh host keys. */
export function hostKeyParameter(infraId: string): string {
  return `/okd/${infraId}/installer-host/ssh-host-key`;
}

/**
 * The public host keys that an instance has published, `type base64`, the one that Go's client asks for first at the top;
 * empty while the instance has published none, and what stands there is of the machine before it.
 *
 * @throws Error when a line is of another form: it would be handed to ssh.
 */
export function publishedHostKeys(published: string, instanceId: string): string[] {
  const keys: string[] = [];
  for (const line of published.split("\n").filter((each) => each.trim() !== "")) {
    const form = /^(i-[0-9a-f]+) ([a-z0-9-]+ [A-Za-z0-9+/]+=*)$/.exec(line);
    if (form === null) throw new Error(`the installer host's SSM parameter has a line that is no host key: ${JSON.stringify(line)}`);
    if (form[1] === instanceId) keys.push(form[2]);
  }
  const rank = (key: string): number => {
    const found = order.findIndex((type) => type.test(key.split(" ")[0]));
    return found < 0 ? order.length : found;
  };
  return keys.sort((one, other) => rank(one) - rank(other));
}
