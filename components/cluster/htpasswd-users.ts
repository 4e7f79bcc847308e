import * as pulumi from "@pulumi/pulumi";
import type { Secret } from "../../config/secret";
import type { UserRemoval } from "../../steps/authentication/remove-user";
import { configSecret } from "../../cluster-objects/authentication/config-object";
import { htpasswdSecretName } from "../../cluster-objects/authentication/htpasswd";
import type { ClusterApi } from "./cluster-api";
import { HtpasswdFile } from "./htpasswd-file";

export interface HtpasswdUsersArgs {
  readonly api: ClusterApi;
  /** Name of the identity provider. */
  readonly provider: string;
  readonly users: ReadonlyMap<string, Secret>;
}

/**
 * Users of an HTPasswd identity provider: the htpasswd file, and for each user a command that removes the User, its Identity and its tokens from
 * the cluster when the user is removed from the configuration.
 */
export class HtpasswdUsers extends pulumi.ComponentResource {
  /** The secret with the file. */
  readonly secret: pulumi.Resource;

  constructor(name: string, { api, provider, users }: HtpasswdUsersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:HtpasswdUsers", name, {}, opts);
    const child = { parent: this };
    const passwords = Object.fromEntries([...users].map(([user, password]) => [user, password.reveal()]));
    const { file } = new HtpasswdFile(`${name}-file`, passwords, { ...child, deletedWith: api.identity });
    const data = file.apply((text) => ({ htpasswd: Buffer.from(text).toString("base64") }));
    this.secret = api.object(`${name}-secret`, { ...configSecret(htpasswdSecretName(provider), {}), data: pulumi.secret(data) }, child);
    for (const user of users.keys()) {
      const removal: UserRemoval = { provider, user };
      // On delete, the command removes the user. An update deletes resources last, so the secret has the new file by then. If the provider's
      // name changes, the user has a new identity, so the command also removes the previous one.
      api.command(`${name}-${user}`, "remove-user", { delete: removal, triggers: [provider] }, child);
    }
    this.registerOutputs();
  }
}
