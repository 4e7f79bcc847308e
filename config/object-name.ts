/** Whether a text is a DNS label (RFC 1123), such as the name of a namespace. */
export function isDnsLabel(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/**
 * Whether a text is the name of an object of most kinds: a DNS subdomain of at most 253 characters. The length of the single labels is not
 * checked.
 */
export function isObjectName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text);
}
