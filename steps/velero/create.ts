import type { Clock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { TolerantReader } from "../../lib/temporary-error";
import { PAUSE_MS, type VeleroItem, veleroPath } from "./api";

/** An object of Velero that is created. */
export interface NewVeleroObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/**
 * Creates a backup or a restore once. Each attempt first checks whether the object exists, because an earlier attempt may have created it although
 * the API's answer was lost.
 *
 * @throws Error with the API's reason if it refuses the object, or if the API is not available for long
 */
export async function createOnce(
  kind: "backup" | "restore",
  object: NewVeleroObject,
  {
    client,
    say,
    clock,
  }: { readonly client: Pick<ClusterClient, "get" | "send">; readonly say: (text: string) => void; readonly clock: Clock },
): Promise<void> {
  const { name, namespace } = object.metadata;
  const reader = new TolerantReader({ of: `the ${kind} ${name}`, say, now: clock.now });
  const create = async () => {
    if ((await client.get<VeleroItem>(veleroPath(namespace, `${kind}s`, name))) !== undefined) return;
    await client.send("POST", veleroPath(namespace, `${kind}s`), object);
  };
  while ((await reader.read(create)) === undefined) await clock.pause(PAUSE_MS);
}
