import * as pulumi from "@pulumi/pulumi";
import { hash } from "bcryptjs";
import { htpasswdFile } from "../../cluster-objects/authentication/htpasswd";

interface Inputs {
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>;
}

interface Made extends Inputs {
  /** bcrypt hashes by user. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly file: string;
}

/** Cost factor of the hashes (bcrypt's usual default): a login takes a tenth of a second. */
const rounds = 10;

async function make(users: Inputs["users"], { users: before, hashes: known }: Omit<Made, "file">): Promise<Made> {
  const hashed = Object.entries(users).map(
    async ([user, password]) => [user, before[user] === password && user in known ? known[user] : await hash(password, rounds)] as const,
  );
  const hashes = Object.fromEntries(await Promise.all(hashed));
  return { users, hashes, file: htpasswdFile(hashes) };
}

/**
 * Each hash is computed once, and again only after a change of its password: hashes are salted, so a repeated computation would change the file.
 */
const htpasswdFileProvider: pulumi.dynamic.ResourceProvider<Inputs, Made> = {
  async create({ users }) {
    return { id: "htpasswd-file", outs: await make(users, { users: {}, hashes: {} }) };
  },
  diff(_id, { users: before }, { users }) {
    const sorted = (map: Inputs["users"]) => JSON.stringify(Object.entries(map).sort());
    return Promise.resolve({ changes: sorted(before) !== sorted(users) });
  },
  async update(_id, olds, { users }) {
    return { outs: await make(users, olds) };
  },
};

/** The htpasswd file of an identity provider. */
export class HtpasswdFile extends pulumi.dynamic.Resource {
  /** Secret. */
  declare readonly file: pulumi.Output<string>;

  constructor(name: string, users: Inputs["users"], opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["users", "hashes", "file"] }, opts);
    super(htpasswdFileProvider, name, { users: pulumi.secret(users), hashes: undefined, file: undefined }, options, "okd", "HtpasswdFile");
  }
}
