import { choice, key, list, map, MOST_PEM_CHARACTERS, text } from "../key";
import { adminCidrProblem } from "./fields";
import { arnProblem } from "../arn";
import { zoneIdProblem } from "../dns/rules";
import { privateKeyProblem } from "../private-key";
import { noProxyProblem, proxyProblem } from "../proxy/rules";
import { roleNameProblem } from "../iam/rules";
import { sshPublicKeyProblem } from "../ssh-key";
import { tagProblems } from "../tags/rules";
import { trustBundleProblem } from "../proxy/trust-bundle";

/** AWS allows 60 rules in a security group; the bootstrap instance's group needs two for each CIDR block. */
const MOST_ADMIN_RANGES = 25;

/** Room for some hundred entries; this project's choice. */
const MOST_NO_PROXY_CHARACTERS = 10_000;

const ROLE = {
  allowed: "the name (not the ARN) of an IAM role that EC2 can assume",
  source: "AWS (IAM)",
  whenEmpty: "a role is created",
} as const;

/** Keys for DNS. */
export const dnsKeys = {
  dnsManagement: key(choice(["managed", "user"], "managed"), {
    description:
      "managed: the program writes the records. user: you create the records, and the program changes no zone. The update lists the records and waits for them: for api before instances boot, for *.apps before the installation completes.",
    example: "user",
    source: "this project",
  }),
  privateZoneId: key(text(zoneIdProblem), {
    description: "Existing private hosted zone of the cluster's domain, associated with the existing VPC.",
    allowed: "the ID of a hosted zone",
    example: "Z0123456789ABCDEFGHIJ",
    source: "openshift/installer (platform.aws.hostedZone, existing VPC only)",
    whenEmpty: "a zone is created",
  }),
  privateZoneRoleArn: key(text(arnProblem("role")), {
    description: "IAM role that is assumed to write into the private zone, if the zone belongs to another account.",
    allowed: "the ARN of an IAM role",
    example: "arn:aws:iam::123456789012:role/shared-zone",
    source: "openshift/installer (platform.aws.hostedZoneRole)",
    whenEmpty: "the zone belongs to the same account",
  }),
} as const;

/** Keys for the instances' IAM roles. */
export const identityKeys = {
  permissionsBoundaryArn: key(text(arnProblem("policy")), {
    description: "Permissions boundary of every IAM role that the program creates.",
    allowed: "the ARN of an IAM policy",
    example: "arn:aws:iam::123456789012:policy/boundary",
    source: "AWS (IAM)",
    whenEmpty: "none",
  }),
  masterRoleName: key(text(roleNameProblem), {
    ...ROLE,
    description: "Existing role of the control plane; the program creates only an instance profile for it.",
    example: "okd-master",
  }),
  workerRoleName: key(text(roleNameProblem), {
    ...ROLE,
    description: "Existing role of the workers and infra nodes.",
    example: "okd-worker",
  }),
  bootstrapRoleName: key(text(roleNameProblem), {
    ...ROLE,
    description: "Existing role of the bootstrap instance; it must be allowed to read the ignition bucket.",
    example: "okd-bootstrap",
  }),
} as const;

/** Keys for access, secrets, proxy and tags. */
export const accessKeys = {
  adminCidrs: key(list(adminCidrProblem, { most: MOST_ADMIN_RANGES }), {
    description: "CIDR blocks from which people reach ssh and the journal of the bootstrap instance, and ssh of the installer host.",
    allowed: "IPv4 CIDR blocks of /8 or longer; a single address is a /32",
    example: '["198.51.100.0/24"]',
    source: "this project (the journal shows secrets)",
    whenEmpty: "only from the instances' own CIDR blocks",
  }),
  sshPublicKey: key(text(sshPublicKeyProblem, "", MOST_PEM_CHARACTERS), {
    description: "Public ssh key of the user core on every instance.",
    allowed: "one OpenSSH public key: ed25519, ecdsa, or rsa with at least 2048 bits; comment lines are removed",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core@okd",
    source: "OpenSSH; NIST SP 800-131A (RSA length)",
    whenEmpty: "a key pair is created and kept in the state",
  }),
  sshPrivateKey: key(text(privateKeyProblem("sshPrivateKey"), "", MOST_PEM_CHARACTERS), {
    description: "Private key for sshPublicKey, without a passphrase. Only with executor ssh, which logs in to the installer host with it.",
    allowed: "a private key in OpenSSH or PEM format",
    example: "-----BEGIN OPENSSH PRIVATE KEY-----\n…\n-----END OPENSSH PRIVATE KEY-----\n",
    source: "OpenSSH",
    whenEmpty: "that of the created key pair",
    secret: true,
  }),
  pullSecret: key(text(undefined, "", MOST_PEM_CHARACTERS), {
    description: "Pull secret. OpenShift needs the one from the Red Hat console; OKD needs none.",
    allowed: 'JSON of the form {"auths": {"<registry>": {"auth": "<base64>"}}}',
    example: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNzd29yZA=="}}}',
    source: "OpenShift (pullSecret)",
    whenEmpty: "OKD: one without credentials",
    secret: true,
  }),
  httpProxy: key(text(proxyProblem(["http"])), {
    description: "Proxy for the nodes' http requests. Special characters in user and password must be percent-encoded: @ as %40, % as %25.",
    allowed: "a URL http://[user:password@]host:port, outside the pod and service networks",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  httpsProxy: key(text(proxyProblem(["http", "https"])), {
    description: "Proxy for the nodes' https requests, with user and password as in httpProxy.",
    allowed: "a URL http://[user:password@]host:port, or the same with https, outside the pod and service networks",
    example: "http://proxy.example.com:3128",
    source: "OpenShift (proxy.httpsProxy)",
    credentials: true,
    whenEmpty: "none",
  }),
  noProxy: key(text(noProxyProblem, "", MOST_NO_PROXY_CHARACTERS), {
    description:
      "Destinations that are reached without the proxy, in addition to those that the cluster adds. * means that nothing goes through the proxy; the cluster adds nothing to it.",
    allowed: "comma-separated addresses, CIDR blocks and domains (a leading dot means only subdomains), or *",
    example: ".internal.example.com,10.20.0.0/16",
    source: "OpenShift (proxy.noProxy)",
    whenEmpty: "only those that the cluster adds",
  }),
  additionalTrustBundle: key(text(trustBundleProblem, "", MOST_PEM_CHARACTERS), {
    description: "Certificates of CAs that every instance trusts, such as the CA of a proxy or a mirror.",
    allowed: "PEM certificates, at most 10,000 bytes in total; comments between them are removed",
    example: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    source: "OpenShift (additionalTrustBundle)",
    whenEmpty: "none",
  }),
  tags: key(map(tagProblems), {
    description:
      "Tags of every resource, including the load balancers, volumes, buckets and users that the cluster creates. A later change has no effect on resources that the cluster creates: its operators keep the tags of the installation.",
    allowed:
      "up to 25 tags of ASCII letters, digits, spaces (from release 4.18) and _ . : / = + - @; not Name, and no keys of aws:, kubernetes.io and openshift.io",
    example: '{"team": "platform"}',
    source: "AWS (tagging); OpenShift (platform.aws.userTags and propagateUserTags; Infrastructure resourceTags)",
    whenEmpty: "only the tags that the cluster needs",
  }),
} as const;
