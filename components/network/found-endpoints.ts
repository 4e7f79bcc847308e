import * as aws from "@pulumi/aws";
import { isDenied, unlessNotFound } from "../../lib/pulumi/lookup-errors";

/** An endpoint of an existing VPC, as AWS describes it. */
export interface FoundEndpoint {
  readonly id: string;
  /** Short name of the service, such as `ec2`. */
  readonly service: string;
  readonly kind: "Gateway" | "Interface";
  /** Whether the service's public DNS name resolves to the endpoint; always true for a gateway endpoint. */
  readonly privateDns: boolean;
  /** Route tables with a route to the gateway endpoint. */
  readonly routeTableIds: readonly string[];
}

/**
 * The provider's lookup fails if a service has several endpoints. Only one of these can have private DNS, and this function assumes that one has
 * it.
 */
function assumePrivateDns(error: unknown) {
  if (error instanceof Error && /multiple/i.test(error.message)) return { id: "", routeTableIds: [], privateDnsEnabled: true };
  throw error;
}

/**
 * Looks up a VPC's interface endpoints for these services and for S3, and its gateway endpoint for S3.
 *
 * @returns undefined if the credentials may not describe endpoints.
 */
export async function findEndpoints(vpcId: string, region: string, services: readonly string[]): Promise<FoundEndpoint[] | undefined> {
  const find = async (service: string, kind: FoundEndpoint["kind"]): Promise<FoundEndpoint[]> => {
    const filters = [{ name: "vpc-endpoint-type", values: [kind] }];
    const serviceName = `com.amazonaws.${region}.${service}`;
    const found = await unlessNotFound(aws.ec2.getVpcEndpoint({ vpcId, serviceName, filters, state: "available" })).catch(assumePrivateDns);
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
