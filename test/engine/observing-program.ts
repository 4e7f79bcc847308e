/**
 * A program with one component that reads the cluster before it declares its settings.
 *
 * @param component its class, in `components/cluster/<topic>.ts`; its settings are `platform.<topic>`
 */
export function observingProgram(component: "Alerting" | "Monitoring"): string {
  const topic = component.toLowerCase();
  return `
    import { ${component} } from "./components/cluster/${topic}";
    import { minorOf } from "./config/releases/version";
    const { ${topic}: settings } = platform;
    const minor = minorOf(configuration.release);
    export = async () => {
      if (settings) await ${component}.configure("${topic}", { api, settings, minor });
      return {};
    };
  `;
}
