import type { KeyProblem } from "../problem";
import { rule } from "../rule";
import { secretEntryProblems, wantedSecrets } from "../secret-entries";
import { regionOfManagedPrometheus } from "./fields";
import { secretOfTarget } from "./settings";

export const remoteWritesHaveTheirSecrets = rule(["remoteWrites", "remoteWriteSecrets"], ({ remoteWrites, remoteWriteSecrets }) =>
  secretEntryProblems({
    key: "remoteWriteSecrets",
    secrets: remoteWriteSecrets,
    owners: "remoteWrites",
    owner: "target",
    wanted: wantedSecrets(remoteWrites, secretOfTarget),
  }),
);

/** AWS refuses a request that is signed for another region. */
export const remoteWritesSignForTheirRegion = rule(["remoteWrites"], ({ remoteWrites }): KeyProblem[] =>
  remoteWrites.flatMap((target, index): KeyProblem[] => {
    if (target.authentication !== "sigv4") return [];
    const region = regionOfManagedPrometheus(target.url);
    if (region === undefined || region === target.region) return [];
    return [
      {
        key: "remoteWrites",
        wrong: `item ${index + 1} (${target.name}) has the region ${target.region}, but its URL is in ${region}`,
        allowed: region,
        fix: `set its region to ${region}, or use the URL of a workspace in ${target.region}`,
      },
    ];
  }),
);
