/** A policy document as IAM defines it. Single values that IAM allows in place of lists are converted to lists. */
export interface Document {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly sid?: string;
  readonly actions: readonly string[];
  /** Whether `actions` comes from NotAction: the statement applies to all other actions. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  /** ARNs, accounts, services, or `*`; empty in an identity policy. */
  readonly principals: readonly string[];
  /** Operator → key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A role's own policies. */
export interface Permissions {
  readonly roleName: string;
  readonly roleArn: string;
  /** Inline and attached policies, by name. */
  readonly policies: Readonly<Record<string, Document>>;
  /** The permissions boundary: the maximum that the policies can allow. */
  readonly boundary?: Document;
}
