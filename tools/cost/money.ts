/** Millionths of a US dollar, always a whole number: sums are exact, and amounts are rounded only for display. */
export type Micros = number;

const MICROS_PER_DOLLAR = 1_000_000;
const MICROS_PER_CENT = 10_000;

/** Reads a price in dollars, such as `0.0225`. AWS lists ten decimals, so the price is rounded to a millionth (half upwards). */
export function dollars(text: string): Micros {
  const [, whole = "", decimals = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") throw new Error(`${JSON.stringify(text)} is not a price; write it in dollars, such as 0.0225`);
  const digits = decimals.padEnd(7, "0");
  return exactAmount(Number(whole) * MICROS_PER_DOLLAR + Number(digits.slice(0, 6)) + (digits[6] >= "5" ? 1 : 0));
}

/** A price in the table's form: in dollars, with at least two decimals and without further zeros at the end. */
export function priceText(micros: Micros): string {
  const digits = String(micros % MICROS_PER_DOLLAR).padStart(6, "0");
  return `${Math.floor(micros / MICROS_PER_DOLLAR)}.${digits.replace(/0{1,4}$/, "")}`;
}

/** An amount for display: rounded to the cent (half away from zero), with separators for thousands. */
export function moneyText(micros: Micros): string {
  const cents = Math.floor((Math.abs(micros) + MICROS_PER_CENT / 2) / MICROS_PER_CENT);
  const whole = Math.floor(cents / 100).toLocaleString("en-US");
  return `${micros < 0 && cents > 0 ? "-" : ""}$${whole}.${String(cents % 100).padStart(2, "0")}`;
}

/** A difference for display, with its sign. */
export function differenceText(micros: Micros): string {
  const text = moneyText(micros);
  return text.startsWith("-") ? text : `+${text}`;
}

/** Checks that an amount can be stored exactly. Amounts above nine billion dollars can't; such an amount comes from a wrong input. */
export function exactAmount(micros: number): Micros {
  if (!Number.isSafeInteger(micros)) throw new Error(`an amount of ${micros / MICROS_PER_DOLLAR} dollars can't be counted exactly`);
  return micros;
}
