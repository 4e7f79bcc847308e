/** Millionths of a US dollar, always a whole number: sums are exact, and amounts are rounded only where they are shown. */
export type Micros = number;

const MICROS_PER_DOLLAR = 1_000_000;
const MICROS_PER_CENT = 10_000;

/** Reads a price in dollars, such as `0.0225`. What lies below a millionth (AWS lists ten decimals) is rounded, half upwards. */
export function dollars(text: string): Micros {
  const [, whole = "", decimals = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") throw new Error(`${JSON.stringify(text)} is no price; one is written in dollars, as 0.0225`);
  const digits = decimals.padEnd(7, "0");
  return checked(Number(whole) * MICROS_PER_DOLLAR + Number(digits.slice(0, 6)) + (digits[6] >= "5" ? 1 : 0));
}

/** A price as it is written in the table: in dollars, without zeros that say nothing, but with cents. */
export function priceText(micros: Micros): string {
  const digits = String(micros % MICROS_PER_DOLLAR).padStart(6, "0");
  return `${Math.floor(micros / MICROS_PER_DOLLAR)}.${digits.replace(/0{1,4}$/, "")}`;
}

/** An amount for people: to the cent, half upwards away from zero, with thousands apart. */
export function moneyText(micros: Micros): string {
  const cents = Math.floor((Math.abs(micros) + MICROS_PER_CENT / 2) / MICROS_PER_CENT);
  const whole = Math.floor(cents / 100).toLocaleString("en-US");
  return `${micros < 0 && cents > 0 ? "-" : ""}$${whole}.${String(cents % 100).padStart(2, "0")}`;
}

/** A difference for people: with its sign. */
export function differenceText(micros: Micros): string {
  const text = moneyText(micros);
  return text.startsWith("-") ? text : `+${text}`;
}

/** The amount if it is exact. A number that is too large to be (nine billion dollars) is a wrong input, not a cost. */
export function checked(micros: number): Micros {
  if (!Number.isSafeInteger(micros)) throw new Error(`an amount of ${micros / MICROS_PER_DOLLAR} dollars can't be counted exactly`);
  return micros;
}
