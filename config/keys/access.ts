import { choice, key, list, map, MOST_PEM_CHARACTERS, text } from "../key";
import { adminCidrFlaw } from "../rules/admin-ranges";
import { arnFlaw } from "../rules/arns";
import { zoneIdFlaw } from "../rules/dns";
import { privateKeyFlaw } from "../rules/private-key";
import { noProxyFlaw, proxyFlaw } from "../rules/proxy";
import { roleNameFlaw } from "../rules/roles";
import { sshPublicKeyFlaw } from "../rules/ssh-key";
import { tagFlaws } from "../rules/tags";
import { trustBundleFlaw } from "../rules/trust-bundle";

/** Rules of a bootstrap machine's security group: AWS gives a group 60, two are needed for each range. */
const MOST_ADMIN_RANGES = 25;

/** Some hundred entries; this project's choice. */
const MOST_NO_PROXY_CHARACTERS = 10_000;

const ROLE = {
  allowed: "the name (not the ARN) of an IAM role that EC2 can assume",
  source: "AWS (IAM)",
  whenEmpty: "a role is made",
} as const;

/** Names in DNS. */
export const dnsKeys = {
  dnsManagement: key(choice(["managed", "user"], "managed"), {
    description:
      "managed: the program writes the records. user: you create them, and no zone is touched. The update lists them, and waits before machines boot (api) and before the installation completes (*.apps).",
    example: "user",
    source: "this project",
  }),
  privateZoneId: key(text(zoneIdFlaw), {
    description: "Existing private zone of the cluster's domain, associated with the existing VPC.",
    allowed: "the ID of a hosted zone",
    example: "Z0123456789ABCDEFGHIJ",
    source: "openshift/installer (platform.aws.hostedZone, existing VPC only)",
    whenEmpty: "a zone is made",
  }),
  privateZoneRoleArn: key(text(arnFlaw("role")), {
    description: "Role that is assumed to write into the private zone, when that is of another account.",
    allowed: "the ARN of an IAM role",
    example: "arn:aws:iam::123456789012:role/shared-zone",
    source: "openshift/installer (platform.aws.hostedZoneRole)",
    whenEmpty: "the zone is of the same account",
  }),
} as const;

/** Rights of the machines. */
export const identityKeys = {
  permissionsBoundaryArn: key(text(arnFlaw("policy")), {
    description: "Permissions boundary of every role that is made.",
    allowed: "the ARN of an IAM policy",
    example: "arn:aws:iam::123456789012:policy/boundary",
    source: "AWS (IAM)",
    whenEmpty: "none",
  }),
  masterRoleName: key(text(roleNameFlaw), {
    ...ROLE,
    description: "Existing role of the masters; only an instance profile is made around it.",
    example: "okd-master",
  }),
  workerRoleName: key(text(roleNameFlaw), { ...ROLE, description: "Existing role of workers and infra nodes.", example: "okd-worker" }),
  bootstrapRoleName: key(text(roleNameFlaw), {
    ...ROLE,
    description: "Existing role of the bootstrap machine; it must be able to read the ignition bucket.",
    example: "okd-bootstrap",
  }),
} as const;

/** Who and what gets in and out. */
export const accessKeys = {
  adminCidrs: key(list(adminCidrFlaw, { most: MOST_ADMIN_RANGES }), {
    description: "Ranges from which people reach ssh and the journal of the bootstrap machine, and ssh of the installer host.",
    allowed: "IPv4 ranges of /8 or longer; a single address is a /32",
    example: '["198.51.100.0/24"]',
    source: "this project (the journal shows secrets)",
    whenEmpty: "from the machines' own range only",
  }),
  sshPublicKey: key(text(sshPublicKeyFlaw, "", MOST_PEM_CHARACTERS), {
    description: "Public key of the user core on every machine.",
    allowed: "one OpenSSH public key: ed25519, ecdsa, or rsa with 2048 bits at least; comment lines are left out",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core@okd",
    source: "OpenSSH; NIST SP 800-131A (RSA length)",
    whenEmpty: "a key pair is made and kept in the state",
  }),
  sshPrivateKey: key(text(privateKeyFlaw("sshPrivateKey"), "", MOST_PEM_CHARACTERS), {
    description: "Private half of sshPublicKey, without a passphrase; with executor ssh only, which logs in to the installer host with it.",
    allowed: "a private key in OpenSSH's or PEM form",
    example: "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n",
    source: "OpenSSH",
    whenEmpty: "that of the key pair that is made",
    secret: true,
  }),
  pullSecret: key(text(undefined, "", MOST_PEM_CHARACTERS), {
    description: "Pull secret. OpenShift needs the one from the console; OKD none.",
    allowed: 'JSON of the form {"auths": {"<registry>": {"auth": "<base64>"}}}',
    example: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNzd29yZA=="}}}',
    source: "OpenShift (pullSecret)",
    whenEmpty: "for OKD one without credentials",
    secret: true,
  }),
  httpProxy: key(text(proxyFlaw(["http"])), {
    description: "Proxy for http of the cluster's nodes. Special characters in user and password are percent-encoded: @ as %40, % as %25.",
    allowed: "a URL http://[user:password@]host:port, outside of the ranges of pods and services",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  httpsProxy: key(text(proxyFlaw(["http", "https"])), {
    description: "Proxy for https of the cluster's nodes, with user and password as in httpProxy.",
    allowed: "a URL http://[user:password@]host:port, or with https, outside of the ranges of pods and services",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpsProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  noProxy: key(text(noProxyFlaw, "", MOST_NO_PROXY_CHARACTERS), {
    description:
      "What is reached without the proxy, besides what the cluster adds itself. * keeps everything off the proxy, and nothing is added to it.",
    allowed: "addresses, ranges and domains (a leading dot means subdomains) with commas between, or *",
    example: ".internal.example.com,10.20.0.0/16",
    source: "OpenShift (proxy.noProxy)",
    whenEmpty: "only what the cluster adds",
  }),
  additionalTrustBundle: key(text(trustBundleFlaw, "", MOST_PEM_CHARACTERS), {
    description: "Certificates of authorities that every machine trusts, such as a proxy's or a mirror's.",
    allowed: "PEM certificates of 10,000 bytes altogether; comments between them are left out",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift (additionalTrustBundle)",
    whenEmpty: "none",
  }),
  tags: key(map(tagFlaws), {
    description:
      "Tags of every resource, including load balancers, volumes, buckets and users that the cluster creates. Changing them later does not change what the cluster creates: its operators keep the tags of the installation.",
    allowed:
      "up to 25 tags of ASCII letters, digits, blanks (from release 4.18) and _ . : / = + - @, without Name and without keys of aws:, kubernetes.io and openshift.io",
    example: '{"team": "platform"}',
    source: "AWS (tagging); OpenShift (platform.aws.userTags and propagateUserTags; Infrastructure resourceTags)",
    whenEmpty: "only those that the cluster needs",
  }),
} as const;
