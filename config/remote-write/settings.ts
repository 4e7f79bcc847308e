import { ownValue } from "../../lib/own-value";
import type { Settings } from "../schema";
import { Secret } from "../secret";

type TargetSettings = Settings["remoteWrites"][number];

/** A system that gets the platform's metrics, with its secret. */
export type RemoteWrite = TargetSettings & { readonly secret?: Secret };

export function remoteWrites({ remoteWrites: targets, remoteWriteSecrets }: Settings): readonly RemoteWrite[] {
  return targets.map((target) => {
    const secret = secretOfTarget(target) === undefined ? undefined : ownValue(remoteWriteSecrets, target.name);
    return { ...target, ...(secret !== undefined && { secret: new Secret(secret) }) };
  });
}

/** Describes the secret of a target; undefined if it needs none. */
export function secretOfTarget(target: TargetSettings): string | undefined {
  switch (target.authentication) {
    case "none":
      return undefined;
    case "basic":
      return "the password of its username";
    case "bearer":
      return "its token";
    case "sigv4":
      return "the secret access key of its accessKeyId";
  }
}
