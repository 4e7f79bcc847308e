import type { Markup } from "../../lib/markup";
import type { Diagram } from "../topology/model";
import { code, section, tableMarkup } from "./section";

/** The services in the cluster, with the places of their data. */
export function servicesSection({ services }: Diagram): Markup {
  return section(
    "Services",
    tableMarkup(
      ["Service", "Namespace", "Data", "URL"],
      services.map(({ name, namespaces, data, urls }) => [name, namespaces.join(", "), data.join("; "), code(urls.join(" "))]),
    ),
  );
}
