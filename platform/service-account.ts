/** A service account, written `namespace/name`, as the subject of a binding. */
export function serviceAccountSubject(account: string): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const [namespace, name] = account.split("/");
  return { kind: "ServiceAccount", namespace, name };
}
