/** Factors of the suffixes (kubernetes/apimachinery, `pkg/api/resource/suffix.go`). */
const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number of a Kubernetes quantity such as `500m` or `2Gi`; undefined for a negative quantity or any other text. */
export function parseQuantity(text: string): number | undefined {
  const match = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix = "", exponent = "0"] = match;
  return Number(`${digits}e${exponent}`) * FACTORS[suffix];
}
