// Moves the clock of a Node.js process by $OKD_CAMPAIGN_CLOCK_HOURS: `NODE_OPTIONS=--require <this file>`.
const ahead = Number(process.env.OKD_CAMPAIGN_CLOCK_HOURS) * 3_600_000;
const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => new target(...(args.length === 0 ? [target.now() + ahead] : args)),
  apply: (target) => new target(target.now() + ahead).toString(),
  get: (target, name) => (name === "now" ? () => target.now() + ahead : Reflect.get(target, name)),
});
