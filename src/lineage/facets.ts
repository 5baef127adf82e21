/** Facets of events by their names; each says who made it and which schema describes it. */
export type Facets = Readonly<Record<string, object>>;

/** The version of each facet's schema, and the name of its definition. */
const SCHEMAS = {
  errorMessage: '1-0-1/ErrorMessageRunFacet',
  jobType: '2-0-4/JobTypeJobFacet',
  nominalTime: '1-0-1/NominalTimeRunFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  parent: '1-2-0/ParentRunFacet',
  processing_engine: '1-1-1/ProcessingEngineRunFacet',
  schema: '1-2-0/SchemaDatasetFacet',
} as const;

export type FacetName = keyof typeof SCHEMAS;

/** One facet under its name; nothing where there is nothing to say. */
export function facet(producer: string, name: FacetName, value: object | null): Facets {
  if (value === null) return {};
  const [, definition] = SCHEMAS[name].split('/');
  const url = `https://openlineage.io/spec/facets/${SCHEMAS[name]}.json#/$defs/${definition}`;
  return { [name]: { _producer: producer, _schemaURL: url, ...value } };
}
