import * as aws from "@pulumi/aws";
import { isDenied, unlessMissing } from "../missing";

/** An endpoint of an existing VPC as AWS describes it. */
export interface FoundEndpoint {
  readonly id: string;
  /** Short name of the service, such as `ec2`. */
  readonly service: string;
  readonly kind: "Gateway" | "Interface";
  /** Whether the service's own name leads to it; always of a gateway's. */
  readonly privateDns: boolean;
  /** Tables that route to a gateway. */
  readonly routeTableIds: readonly string[];
}

/** Which of several endpoints of a service the provider doesn't tell; one of them can have private DNS, and it is taken to have it. */
function several(error: unknown) {
  if (error instanceof Error && /multiple/i.test(error.message)) return { id: "", routeTableIds: [], privateDnsEnabled: true };
  throw error;
}

/**
 * The endpoints that an existing VPC has for these services, and for S3 of either kind.
 *
 * @returns undefined where the credentials may not look at them.
 */
export async function findEndpoints(vpcId: string, region: string, services: readonly string[]): Promise<FoundEndpoint[] | undefined> {
  const find = async (service: string, kind: FoundEndpoint["kind"]): Promise<FoundEndpoint[]> => {
    const filters = [{ name: "vpc-endpoint-type", values: [kind] }];
    const serviceName = `com.amazonaws.${region}.${service}`;
    const found = await unlessMissing(aws.ec2.getVpcEndpoint({ vpcId, serviceName, filters, state: "available" })).catch(several);
    if (found === undefined) return [];
    const { id, routeTableIds, privateDnsEnabled } = found;
    return [{ id, service, kind, privateDns: kind === "Gateway" || privateDnsEnabled, routeTableIds }];
  };
  try {
    const found = await Promise.all([find("s3", "Gateway"), ...["s3", ...services].map((service) => find(service, "Interface"))]);
    return found.flat();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}
