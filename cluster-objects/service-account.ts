/** The subject of a binding for a service account that is written as `namespace/name`. */
export function serviceAccountSubject(account: string): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const [namespace, name] = account.split("/");
  return { kind: "ServiceAccount", namespace, name };
}
