import { settingsJsonSchema } from './settings.ts'

/** Beside tessera.json, for editors; nothing of it goes into packages. `tessera schema` prints that of a later version. */
const schemaFile = '.tessera.schema.json'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** The files of a new project, by path. */
export const skeletonOf = (name: string): ReadonlyMap<string, string> =>
  new Map([
    ['tessera.json', json({ $schema: `./${schemaFile}`, name, publication: name, port: 19813, clientRange: { min: 1, max: 1 } })],
    [schemaFile, json(settingsJsonSchema())],
    ['package.json', json({ name: packageName(name), private: true, type: 'module' })],
    ['tsconfig.json', json(tsconfig)],
    ['roles.json', json(roles)],
    ['.gitignore', '.tessera/\nnode_modules/\n'],
    ['methods/hello.ts', hello],
    ['database/onStartup.ts', onStartup],
    ['README.md', readme(name)],
  ])

const packageName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'tessera-project'

const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['methods', 'database', 'lib'],
}

/** The default of a new project (4d.md PRV-17). */
const roles = {
  privileges: [],
  roles: [],
  permissions: { allowed: [{ applyTo: 'ds', type: 'datastore', read: [], create: [], update: [], drop: [], execute: [], promote: [] }] },
  restrictedByDefault: false,
  forceLogin: false,
}

const hello = `import { onServer } from '@tessera/kit'

/** Runs on the server, in the caller's session; on a client, importing it gives a call. */
export default onServer((name: string) => \`Hello, \${name}!\`)
`

const onStartup = `import hello from '../methods/hello.ts'

/** Runs on each client when it has connected, and when the project runs alone. */
export default async (): Promise<void> => {
  console.log(await hello('world'))
}
`

const readme = (name: string): string => `# ${name}

A Tessera project.

| command | does |
|---|---|
| \`tessera check .\` | reads and type-checks the project |
| \`tessera serve .\` | publishes it |
| \`tessera schema\` | prints the JSON schema of tessera.json, to put into ${schemaFile} again after an update |
| \`tessera connect\` | runs its client |
| \`tessera call 127.0.0.1 hello '"Ada"'\` | runs one method on the server |

- \`methods/\`: one method per file, the default export; its name is its path. Made with \`onServer\`, it runs on the server.
- \`database/\`: what runs at certain moments: \`onStartup\` and \`onExit\` on clients, \`onServerStartup\`, \`onServerShutdown\`,
  \`onServerOpenConnection\` and \`onServerCloseConnection\` on the server.
- \`lib/\`: modules that methods share. A client gets only those that its own code imports.
- \`resources/\`: files that travel as they are.
- \`roles.json\`: privileges, roles and permissions. \`catalog.json\`: the structure, exported from the server.
`
