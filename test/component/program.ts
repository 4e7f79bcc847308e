/**
 * Runs the whole program under Pulumi's mocks, in milliseconds, and records the resources that it declares, with their inputs and options.
 *
 * A test with these mocks does not prove that AWS or the provider accepts the declared resources (names, combinations, order). It does not prove that an output
 * is unknown in a preview, that a change is an update and not a replacement, or that a resource can be destroyed. It does not prove that the installer answers
 * as installer-answers.ts says. The engine tests (test/engine) prove these facts.
 */
import * as pulumi from "@pulumi/pulumi";
import { defaultAccount, type AwsAnswers } from "./account";
import { answerAwsClients } from "./aws-clients";
import { devSecretKeys } from "./configurations";
import { answers, infraId } from "./installer-answers";
import { type Json, propertyDependencies, type PropertyDependencies, unwrap } from "./wire";

export type { AwsAnswers };

// A run takes half a second, or ten seconds on a busy computer.
jest.setTimeout(60_000);

/** One resource as the program declared it. */
export interface Declared {
  readonly urn: string;
  /** Former URNs (aliases) that the Pulumi engine accepts for the same resource. */
  readonly formerUrns: readonly string[];
  readonly type: string;
  readonly name: string;
  /** Inputs in which secrets are plain values. */
  readonly inputs: Record<string, Json>;
  /** Inputs with `[secret]` in place of every secret: the readable part of the state. */
  readonly readable: Record<string, Json>;
  readonly ignoreChanges: readonly string[];
  readonly protect: boolean;
  /** Whether the resource stays in AWS when the program no longer declares it. */
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  /** Paths of inputs whose change replaces the resource. */
  readonly replaceOnChanges: readonly string[];
  /** URNs of the resources whose replacement replaces this resource, too. */
  readonly replaceWith: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly provider: string;
  /** URNs of all resources that must exist before this resource. */
  readonly dependencies: readonly string[];
  /** For each input, the URNs of the resources from which its value comes. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** The values of these inputs, separated by spaces. An input that the resource does not have is left out. */
export function say({ inputs }: Declared, ...keys: readonly string[]): string {
  return keys.flatMap((key) => (key in inputs ? [inputs[key] as string | number] : [])).join(" ");
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDeletebeforereplace(): boolean;
  getReplaceonchangesList(): string[];
  getReplaceWithList(): string[];
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): PropertyDependencies;
  getAliasesList(): { getUrn(): string; getSpec(): { getType(): string; getName(): string } | undefined }[];
  getObject(): { toJavaScript(): Record<string, Json> };
}

/** A program that ran: the resources that it declared and its outputs. */
export class Program {
  private constructor(
    readonly resources: readonly Declared[],
    readonly outputs: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * Runs the program.
   *
   * @param configuration texts by key, as the Pulumi engine passes them.
   * @param found AWS's answers, in addition to `account`.
   * @param secretKeys keys that are stored encrypted, in addition to those of the dev stack.
   */
  static async run(
    configuration: Readonly<Record<string, string>>,
    found: AwsAnswers = {},
    secretKeys: readonly string[] = [],
  ): Promise<Program> {
    const { declared, error, outputs } = await execute(configuration, found, secretKeys);
    if (error !== undefined) throw error;
    return new Program(declared, outputs);
  }

  /** Runs a program that must stop with an error, and returns the message and the resources that it declared before the error. */
  static async refusal(
    configuration: Readonly<Record<string, string>>,
    found: AwsAnswers = {},
  ): Promise<{ message: string; declared: string[]; program: Program }> {
    const { declared, error, outputs } = await execute(configuration, found, []);
    if (error === undefined) throw new Error("the program ran without an error, but the test expects one");
    return { message: error.message, declared: declared.map(({ urn }) => urn), program: new Program(declared, outputs) };
  }

  all(type: string): Declared[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type, or the resource of the type with this name. */
  one(type: string, name?: string): Declared {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1)
      throw new Error(`${found.length} resources of type ${type} have the name ${name ?? "(any)"}; the test needs exactly one`);
    return found[0];
  }

  /** The number of custom resources of each type, without components. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type } of this.resources.filter((resource) => !resource.type.startsWith("okd:"))) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }

  /** An output's value. */
  async output(name: string): Promise<unknown> {
    return new Promise((resolve) => {
      pulumi.all([this.outputs[name]]).apply(([value]) => {
        resolve(value);
      });
    });
  }

  async isSecret(name: string): Promise<boolean> {
    return pulumi.isSecret(pulumi.output(this.outputs[name]));
  }

  /** Whether one resource is created after another, directly or through other resources. */
  isAfter(later: Declared, earlier: Declared): boolean {
    const byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
    const seen = new Set<string>();
    const reach = (urn: string): boolean => {
      if (urn === earlier.urn) return true;
      if (seen.has(urn)) return false;
      seen.add(urn);
      return (byUrn.get(urn)?.dependencies ?? []).some(reach);
    };
    return later.dependencies.some(reach);
  }
}

type Register = (request: Request, callback: (error: unknown, response: { getUrn(): string } | undefined) => void) => Promise<void>;

interface Execution {
  readonly declared: readonly Declared[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error?: Error;
}

async function execute(
  configuration: Readonly<Record<string, string>>,
  found: AwsAnswers,
  secretKeys: readonly string[],
): Promise<Execution> {
  answerAwsClients((question, inputs) => answer(found, question, inputs));
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => answer(found, token, inputs as Record<string, unknown>);
  await pulumi.runtime.setMocks({ newResource: made, call }, "okd-aws", "dev");
  const { setAllConfig, waitForRPCs } = pulumi.runtime as unknown as Untyped;
  setAllConfig({ ...configuration }, [...secretKeys, ...devSecretKeys]);
  const recorded = record();
  const program = await import("../../index");
  const limit = Error.stackTraceLimit;
  // The SDK keeps a stack trace of every promise, and jest maps each of them back to its source. That takes three quarters of a run's time.
  Error.stackTraceLimit = 0;
  try {
    const outputs = await program.default();
    await waitForRPCs();
    return { declared: recorded(), outputs };
  } catch (error) {
    await waitForRPCs();
    return { declared: recorded(), outputs: {}, error: error as Error };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Functions that the SDK exports and its typings leave out. */
export interface Untyped {
  readonly setAllConfig: (configuration: Record<string, string>, secretKeys: readonly string[]) => void;
  readonly waitForRPCs: () => Promise<void>;
}

/** Records every request to register a resource, with the parts that mocks do not get: options, secrets and dependencies. */
export function record(): () => Declared[] {
  const monitor = (pulumi.runtime as unknown as { getMonitor(): { registerResource: Register } }).getMonitor();
  const register = monitor.registerResource.bind(monitor);
  const requests = new Map<string, Request>();
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response !== undefined) requests.set(response.getUrn(), request);
      callback(error, response);
    });
  return () => {
    // A mock's URN names only the parent. The Pulumi engine's URN names all ancestors except the stack.
    const qualifiedType = (urn: string, type: string): string => {
      const parent = requests.get(urn);
      return parent === undefined ? type : `${qualifiedType(parent.getParent(), parent.getType())}$${type}`;
    };
    const engineUrn = (request: Request, { type, name }: { type: string; name: string }) =>
      `urn:pulumi:dev::okd-aws::${qualifiedType(request.getParent(), type)}::${name}`;
    const engineUrnOf = (urn: string): string => {
      const request = requests.get(urn);
      return request === undefined ? urn : engineUrn(request, own(request));
    };
    const own = (request: Request) => ({ type: request.getType(), name: request.getName() });
    return [...requests.values()].map((request) => {
      const raw = request.getObject().toJavaScript();
      return {
        ...own(request),
        urn: engineUrn(request, own(request)),
        formerUrns: request.getAliasesList().map((alias) => {
          const spec = alias.getSpec();
          return (
            alias.getUrn() || engineUrn(request, { type: spec?.getType() || request.getType(), name: spec?.getName() || request.getName() })
          );
        }),
        inputs: unwrap(raw, (value) => value) as Record<string, Json>,
        readable: unwrap(raw, () => "[secret]") as Record<string, Json>,
        ignoreChanges: request.getIgnorechangesList(),
        protect: request.getProtect(),
        retainOnDelete: request.getRetainondelete(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        replaceOnChanges: request.getReplaceonchangesList(),
        replaceWith: request.getReplaceWithList().map(engineUrnOf),
        secretOutputs: request.getAdditionalsecretoutputsList(),
        provider: request.getProvider(),
        dependencies: request.getDependenciesList().map(engineUrnOf),
        propertyDependencies: propertyDependencies(request.getPropertydependenciesMap(), engineUrnOf),
      };
    });
  };
}

function answer(found: AwsAnswers, token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const say = ({ ...defaultAccount, ...found } as Partial<AwsAnswers>)[token];
  if (say === undefined) throw new Error(`the program calls ${token}, but the test has no answer for this function`);
  return say(inputs);
}

/** Values in a test's state that replace the inputs of a resource, by the resource's name. */
export const stored: Record<string, Record<string, unknown>> = {};

/** The credentials mode in the state of every mocked stack, after instances exist. */
export const rememberedMode = "passthrough";

/** A public key in place of the key that signs the cluster's tokens. The tests have no private key for it. */
export const signingPublicKey = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDOVLQoIeXj0clCpLhAOJrzBFHs
ZBy8IwfPAxf6LTtTsfZLAf8q5qiVldZI9hkfG9sA14QJ7xxKC0n/NEPaEUESB9GT
NGvWyANDXx/ostu1ukCaq7T7zWTDm3WCij94oja0HkLm8krm82jz1OsZrl28y9y6
WEdXWQng2xOcganhCwIDAQAB
-----END PUBLIC KEY-----
`;

/** The attributes that AWS would add to the inputs of a resource. */
function made({ type, name, inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const given = inputs as Record<string, unknown>;
  const id = `${name}-id`;
  const state = { ...given, arn: `arn:stub:${name}`, id, ...outputs(type, name, given), ...stored[name] };
  return { id, state };
}

const registryPasswords = { password: "stub-registry-password", pullPassword: "stub-pull-password" };

function outputs(type: string, name: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  switch (type) {
    case "pulumi-nodejs:dynamic/okd:ClusterIdentity":
      return { infraId, clusterId: "7c0e7b3e-0000-4000-8000-000000000000" };
    case "pulumi-nodejs:dynamic/okd:AssetAge":
      return { stampedAt: "2026-01-01T00:00:00.000Z" };
    case "pulumi-nodejs:dynamic/okd:GeneratedSshKey":
      return { publicKey: "ssh-ed25519 AAAA core", privateKey: "stub-private-key" };
    case "pulumi-nodejs:dynamic/okd:CredentialsMode":
      return { mode: rememberedMode };
    case "pulumi-nodejs:dynamic/okd:RoleReleases":
      return { releases: given.settled === true ? [given.wanted] : [given.wanted, given.installed] };
    case "pulumi-nodejs:dynamic/okd:SigningKey":
      return { publicKey: signingPublicKey, privateKey: "stub-signing-key" };
    case "pulumi-nodejs:dynamic/okd:RegistryCredentials":
      return { ...registryPasswords, caCertificate: "stub authority", files: "registry/htpasswd stub-registry-files" };
    case "pulumi-nodejs:dynamic/okd:GeneratedPassword":
      return { password: "stub-password" };
    case "pulumi-nodejs:dynamic/okd:HtpasswdFile":
      return { file: "anna:stub-hash\n" };
    case "command:local:Command":
    case "command:remote:Command":
      return { stdout: answers[name] };
    case "aws:lb/loadBalancer:LoadBalancer":
      return { dnsName: `${name}.elb.stub`, zoneId: `Z-${name}` };
    case "aws:acm/certificate:Certificate": {
      const proof = { resourceRecordName: `_proof.${name}`, resourceRecordType: "CNAME", resourceRecordValue: `proof-of-${name}` };
      return { domainValidationOptions: [proof] };
    }
    case "kubernetes:core/v1:Service":
      return { status: { loadBalancer: { ingress: [{ hostname: `${name}.elb.stub` }] } } };
    case "aws:ec2/eip:Eip":
      return { publicIp: name.includes("-nat-") ? `203.0.113.${name.charCodeAt(name.length - 1)}` : `public address of ${name}` };
    case "aws:route53/zone:Zone":
      return { zoneId: "Z0MADE" };
    case "aws:ec2/instance:Instance":
      return { privateIp: `private address of ${name}`, publicIp: "", privateDns: `node-of-${name}` };
    default:
      return {};
  }
}
