import { load } from "js-yaml";
import { z } from "zod";

/** The image set configuration, with the supported fields only. Any other field is an error, as it is in the vendor's program. */
const schema = z.strictObject({
  apiVersion: z.literal("mirror.openshift.io/v2alpha1"),
  kind: z.literal("ImageSetConfiguration"),
  mirror: z.strictObject({
    platform: z.strictObject({
      architectures: z.array(z.enum(["amd64", "arm64", "multi", "ppc64le", "s390x"])).optional(),
      graph: z.boolean().optional(),
      release: z.string().min(1),
    }),
    operators: z
      .array(
        z.strictObject({
          catalog: z.string().min(1),
          packages: z.array(
            z.strictObject({ name: z.string().min(1), channels: z.array(z.strictObject({ name: z.string().min(1) })).optional() }),
          ),
        }),
      )
      .optional(),
  }),
});

/** The images that an image set names. */
export interface ImageSet {
  /** The release's pull specification. */
  readonly release: string;
  /** Whether an image for the update service is wanted. */
  readonly graph: boolean;
  /** Pull specifications of operator catalogs. */
  readonly catalogs: readonly string[];
}

/** @throws Error that names every field that is wrong or not supported here */
export function imageSetIn(text: string): ImageSet {
  const parsed = schema.safeParse(load(text));
  if (parsed.success) {
    const { platform, operators = [] } = parsed.data.mirror;
    return { release: platform.release, graph: platform.graph ?? false, catalogs: operators.map(({ catalog }) => catalog) };
  }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the configuration"}: ${message}`);
  throw new Error(`the image set configuration can't be used:\n${problems.join("\n")}`);
}
