import { type KeyProblem, setCommand } from "../problem";
import type { Settings } from "../schema";

/**
 * The problem of a key that names a storage class without block storage.
 *
 * @param chosen the key's value, the name of a storage class; a class that `storageClasses` does not list is not checked
 * @param service the service with the volumes, as the subject of a sentence
 */
export function blockStorageProblems(
  key: string,
  {
    chosen,
    storageClasses,
    service,
  }: { readonly chosen: string; readonly storageClasses: Settings["storageClasses"]; readonly service: string },
): KeyProblem[] {
  const found = storageClasses.find(({ name }) => name === chosen);
  if (found === undefined || found.type === "ebs") return [];
  return [
    {
      key,
      wrong: `is the storage class ${found.name} of type ${found.type}, but ${service} needs block storage`,
      allowed: "a class of type ebs, or gp3-csi",
      fix: setCommand(key, "gp3-csi"),
    },
  ];
}
