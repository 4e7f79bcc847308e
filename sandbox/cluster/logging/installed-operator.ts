import type { Api, KubeObject } from "../api";

interface Csv extends KubeObject {
  readonly spec?: { readonly customresourcedefinitions?: { readonly owned?: readonly { readonly name: string }[] } };
  readonly status?: { readonly phase?: string };
}

/** The operator that owns the CRD `definition`; undefined if no such operator is installed and running. */
export async function installedOperator(api: Api, definition: string): Promise<Csv | undefined> {
  const all = await api.list<Csv>("/apis/operators.coreos.com/v1alpha1/clusterserviceversions");
  return all.find(
    ({ spec, status }) =>
      status?.phase === "Succeeded" && spec?.customresourcedefinitions?.owned?.some(({ name }) => name === definition) === true,
  );
}
