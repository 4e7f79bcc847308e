/**
 * The normalized name of a record or zone, for comparisons: lower case, without the final dot, and with Route 53's octal escapes decoded.
 * Route 53 returns every character other than a-z, 0-9, hyphen, underscore and dot as a backslash with three octal digits, so `*.apps` comes
 * back as `\052.apps` (Route 53 developer guide, "DNS domain name format").
 */
export function recordName(name = ""): string {
  return name
    .toLowerCase()
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .replace(/\.$/, "");
}

/** The normalized name that a record points to, without the `dualstack.` that Route 53 puts before the names of some load balancers. */
export function targetName(name = ""): string {
  return recordName(name).replace(/^dualstack\./, "");
}
