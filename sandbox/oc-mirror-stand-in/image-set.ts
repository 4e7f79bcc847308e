import { load } from "js-yaml";
import { z } from "zod";

/** The image set configuration, as far as it is stood in for; another field is an error, as it is to the vendor's program. */
const schema = z.strictObject({
  apiVersion: z.literal("mirror.openshift.io/v2alpha1"),
  kind: z.literal("ImageSetConfiguration"),
  mirror: z.strictObject({
    platform: z.strictObject({
      architectures: z.array(z.enum(["amd64", "arm64", "multi", "ppc64le", "s390x"])).optional(),
      graph: z.literal(false).optional(),
      release: z.string().min(1),
    }),
  }),
});

/**
 * The release's pull specification in an image set.
 *
 * @throws Error that names every field that is wrong or not stood in for
 */
export function releaseIn(text: string): string {
  const parsed = schema.safeParse(load(text));
  if (parsed.success) return parsed.data.mirror.platform.release;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the configuration"}: ${message}`);
  throw new Error(`the image set configuration can't be used:\n${problems.join("\n")}`);
}
