import { utils } from "ssh2";
import { ed25519Pair } from "../../../components/ssh-key-pair";

/** Public keys and a certificate made for these tests; the private halves were thrown away. */
export const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core@okd";
export const RSA_2048 =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQChlgeMNwq+SG8zdQlbCskeu4bJBXuiTc3VnfFMEJ62p3PoEp/xbc/uohKxTo974b06uExs/PJgXV5EGHC7cXHettFgCWOBone0pwCH7PLIQ8ji6WPh7bafV3q+raeaDTRPXv53LIdXno0Zs6ILk49vSunFLaYPAPsoVods2JhtDGQJBrzo1pumTmYNJaDcwzlbijdxPpVYuwpAWZmQrrjOw2uQaTE6Q69UtN/7dxxO766IZZS+G+mmdu//X+hIxhzpgK/2RD5HKNye32S89qFpXXyQgPmT+OiaVziAmuxHJowbyGf4Hi689imED3TH1UX8H5JI/M8xVuwlIMxIT4Pj core";
export const RSA_1024 =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCnHB7yPl1A3GNo8kcuUyUiivFpynlV3KR654K2910Eiga+LvDGcuSvxcJO5KgdbtaVyQOdRz9gtw9MxUE+SUYxF2A+Y2phnJ/iYuiK2xMSEdH5dJQ44mxsRvVlLQBK+t0NQ0TQeDdsxcENSbksFePOlEGbAyVD79VZSv19pzKK+w== weak";
export const ECDSA =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA2sHy06Uxwk+NH9p7kJew+z9jJzSm+IXTXqKkECCt+4Cam7cF4m/9K0/f/LP5ZM2p2Ej8nRplJwFvVJ37bt6YU= core";
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBijCCAS+gAwIBAgIUN06WGseq8iyKwM615H6ZYH0PEdUwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMTAyNDM3WhgPMjEy
NjEwMjgxMDI0MzdaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEIy0BTRp8kMowZf8mgmJt3VvDCXZDDiu/2DHOqYuY
6PmdrJJtTpCax99m13fuytunch8K330HYDUulSjXlDbehqNTMFEwHQYDVR0OBBYE
FExR3Y5CsVox+PmmPKUIWvffZ4cpMB8GA1UdIwQYMBaAFExR3Y5CsVox+PmmPKUI
WvffZ4cpMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAI6KWX88
zTzECSN0UqAplxk3hgCZSqI6GfjlLLkvt2t9AiEA2zJUZz1udeONQ8+oWtTHXBMQ
L6o58kEfrVgSVSa4UXU=
-----END CERTIFICATE-----
`;
/** A client's certificate with its key, made for these tests; they give access to nothing. */
export const CLIENT_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUR9LlVC97BscUJhMHgcyjEOHWTNQwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLdGVzdCBjbGllbnQwIBcNMjYxMTI5MDE0ODIxWhgPMjEyNjEx
MDUwMTQ4MjFaMBYxFDASBgNVBAMMC3Rlc3QgY2xpZW50MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEU36d/hoXsA2mebUjI6VBhAeINEQuX3k7YK6gvugzFW+Mxrok
e4/TSrhCmBCYhc66VwadAKF6fGo1sFuNcA01W6NTMFEwHQYDVR0OBBYEFC37/KEz
uy/vLZAl1NAJpBRxLe7CMB8GA1UdIwQYMBaAFC37/KEzuy/vLZAl1NAJpBRxLe7C
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAKPBVaOmD+5eNdWZ
iSVbXyTbSAAOPTnqsycChCf09eUTAiAZy7hfsoEmJGNRTd2wS4Oufmo3nHBzWarW
2Is5AS8MwQ==
-----END CERTIFICATE-----
`;
export const CLIENT_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRJtDvVeyN8ddMcce
gJ7KpUsvVyyeShIA7t9dGA4U8MChRANCAARTfp3+GhewDaZ5tSMjpUGEB4g0RC5f
eTtgrqC+6DMVb4zGuiR7j9NKuEKYEJiFzrpXBp0AoXp8ajWwW41wDTVb
-----END PRIVATE KEY-----
`;
/** Private keys that give access to nothing. Each run of the tests makes new ones. */
export const { private: PRIVATE_KEY, public: PUBLIC_KEY } = ed25519Pair(utils);
export const PRIVATE_KEY_WITH_PASSPHRASE = utils.generateKeyPairSync("ed25519", {
  passphrase: "hunter2",
  cipher: "aes256-cbc",
  rounds: 16,
}).private;
