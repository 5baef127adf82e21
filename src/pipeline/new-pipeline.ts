export const CONFIG_NAME = 'datasets_config.yml';

/** `schema` is where editors find completion for the configuration; `name` is null where the folder has none. */
const CONFIG = (schema: string, name: string | null) => `# yaml-language-server: $schema=${schema}
# The rules of every dataset. All keys are explained in docs/config.md of Tidemark; \`tidemark config check\` checks this
# file, and \`tidemark init --from FILE\` drafts a dataset from a spreadsheet.
version: 1${name === null ? '' : nameLines(name)}

# What a dataset looks like:
#
#   citizens:
#     title: Citizens register
#     period: month                # month | quarter | year | none
#     source:
#       filename: "citizens_{period}[_v{version}].{xlsx,csv}"
#     schema:
#       fields:
#         - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
#         - {name: birth_date, type: date, format: ["%d/%m/%Y", "%Y-%m-%d"]}
#         - {name: income, type: number, precision: 12, scale: 2}
#       primaryKey: [citizen_id]
#     checks:
#       - {name: row_count, rows: {min: 1000}}
datasets: {}
`;

/** Written down, so that the warehouse knows the pipeline again when its folder is renamed. */
function nameLines(name: string): string {
  const text = JSON.stringify(name).split('${').join('$${');
  return `\n# Its name in the warehouse. Keep it when the folder is renamed; a pipeline that shares the database needs another one.\nname: ${text}`;
}

const IGNORED = `# what the pipeline makes, and the deliveries themselves: they may hold personal data
/data/stage/
/data/reports/
/data/runs/
/data/warehouse.duckdb*
/data/landed/*
!/data/landed/.gitkeep
`;

const FOLDERS = ['data/landed', 'migrations', 'models/core', 'models/mart'];

/** The files of an empty pipeline: path below its folder → text. A folder that git would not keep has a .gitkeep. */
export function newPipeline(schema: string, name: string | null): Map<string, string> {
  return new Map([
    [CONFIG_NAME, CONFIG(schema, name)],
    ...FOLDERS.map((folder) => [`${folder}/.gitkeep`, ''] as const),
    ['.gitignore', IGNORED],
  ]);
}
