import type { PathRule } from "./tool";

type Accepts = Pick<PathRule, "accepts" | "accepted">;

/** Accepts only the given versions. */
export function exactly(...versions: readonly string[]): Accepts {
  return { accepts: (version) => versions.includes(version), accepted: versions.join(" or ") };
}

/** Accepts any patch of the pinned minor version. */
export function sameMinor(pinned: string): Accepts {
  return within(pinned, 0);
}

/** Accepts the same major version and a minor version that differs by at most `distance`. */
export function within(pinned: string, distance: number): Accepts {
  const parts = (version: string): [number, number] => {
    const [major = NaN, minor = NaN] = version.split(".").map(Number);
    return [major, minor];
  };
  const [major, minor] = parts(pinned);
  return {
    accepts: (version) => parts(version)[0] === major && Math.abs(parts(version)[1] - minor) <= distance,
    accepted: distance === 0 ? `${major}.${minor}` : `${major}.${minor - distance} to ${major}.${minor + distance}`,
  };
}
