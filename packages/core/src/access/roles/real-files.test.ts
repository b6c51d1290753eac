import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRoles } from './parse-roles.ts'

/** Written after the habits of real files: what Studio adds, tabs, names with spaces, flags left out, locks, lists on one line. */
const lookAlikes: [string, string][] = [
  [
    'ids from Studio, a guest who is lent a privilege, no flag left out',
    `{
\t"forceLogin": true,
\t"restrictedByDefault": false,
\t"permissions": {
\t\t"allowed": [
\t\t\t{ "applyTo": "ds.fill", "type": "method", "execute": [ "guest" ], "promote": [ "lent" ] },
\t\t\t{ "applyTo": "ds.authentify", "type": "method", "execute": [ "guest" ] },
\t\t\t{ "applyTo": "Person", "type": "dataclass", "read": [ "lent", "known" ], "create": [ "lent" ] }
\t\t]
\t},
\t"privileges": [
\t\t{ "id": "aB3dEfGhJkLmNoPqRsTuVw", "privilege": "lent", "includes": [] },
\t\t{ "id": "xY3dEfGhJkLmNoPqRsTuVz", "privilege": "known", "includes": [] }
\t],
\t"roles": [ { "id": "r13dEfGhJkLmNoPqRsTuV2", "role": "Admin", "privileges": [ "guest" ] } ]
}`,
  ],
  [
    'a computed attribute with a list of its own, no flags',
    '{ "permissions": { "allowed": [ { "applyTo": "ds", "type": "datastore", "read": [ "all", "guest" ] }, { "applyTo": "Branch.turnover", "type": "attribute", "read": [ "figures" ] } ] }, "privileges": [ { "privilege": "all", "includes": [] }, { "privilege": "figures", "includes": [] } ], "roles": [ { "role": "Manager", "privileges": [ "figures", "all" ] } ] }',
  ],
  [
    'a declared lock, names with spaces, inclusions, a byte order mark',
    '\ufeff{\r\n  "privileges": [\r\n    { "privilege": "none", "includes": [] },\r\n    { "privilege": "read files", "includes": [] },\r\n    { "privilege": "treat", "includes": [ "read files" ] }\r\n  ],\r\n  "roles": [ { "role": "The Nurse", "privileges": [ "treat", "read files" ] } ],\r\n  "permissions": { "allowed": [\r\n    { "applyTo": "ds", "type": "datastore", "read": [ "none" ], "execute": [ "none" ] },\r\n    { "applyTo": "Files", "type": "dataclass", "create": [ "treat" ], "read": [ "read files" ], "drop": [ "treat" ] },\r\n    { "applyTo": "Files.purge", "type": "method", "execute": [ "treat" ] }\r\n  ] }\r\n}\r\n',
  ],
  [
    'the default of a new project',
    '{ "privileges": [], "roles": [], "permissions": { "allowed": [ { "applyTo": "ds", "type": "datastore", "read": [], "create": [], "update": [], "drop": [], "execute": [], "promote": [] } ] }, "restrictedByDefault": false, "forceLogin": false }',
  ],
  [
    'the older default',
    '{ "privileges": [ { "privilege": "none", "includes": [] } ], "roles": [], "permissions": { "allowed": [ { "applyTo": "ds", "type": "datastore", "read": ["none"], "create": ["none"], "update": ["none"], "drop": ["none"], "execute": ["none"], "promote": ["none"] } ] }, "forceLogin": true }',
  ],
]

/** Every roles.json below a folder of 4D projects, where somebody has one at hand. */
const filesAtHand = (folder: string | undefined): [string, string][] => {
  if (folder === undefined) return []
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name === 'roles.json')
  if (found.length === 0) throw new Error(`TESSERA_4D_PROJECTS names ${folder}, which holds no roles.json`)
  return found.map(({ parentPath, name }) => [parentPath.slice(folder.length), readFileSync(join(parentPath, name), 'utf8')])
}

interface Document {
  privileges: { id?: string; privilege: string; includes?: string[] }[]
  roles?: { id?: string; role: string; privileges?: string[] }[]
  permissions: { allowed: object[] }
  restrictedByDefault?: boolean
  forceLogin?: boolean
}

/** What the file says, with ids passed over and what it leaves out filled in. */
const said = (text: string): Required<Document> => {
  const { privileges, roles = [], permissions, restrictedByDefault = false, forceLogin = false } = JSON.parse(text.replace(/^\ufeff/, '')) as Document
  return {
    privileges: privileges.map(({ privilege, includes = [] }) => ({ privilege, includes })),
    roles: roles.map(({ role, privileges: names = [] }) => ({ role, privileges: names })),
    permissions,
    restrictedByDefault,
    forceLogin,
  }
}

const read = (text: string): Required<Document> => {
  const { roles } = parseRoles(text)
  return {
    privileges: [...roles.privileges.values()].map(({ name, includes }) => ({ privilege: name, includes: [...includes] })),
    roles: [...roles.roles.values()].map(({ name, privileges }) => ({ role: name, privileges: [...privileges] })),
    permissions: { allowed: [...roles.permissions.values()].map(({ name, type, lists }) => ({ applyTo: name, type, ...Object.fromEntries(lists) })) },
    restrictedByDefault: roles.restrictedByDefault,
    forceLogin: roles.forceLogin,
  }
}

describe('files as 4D projects have them', () => {
  test.each([...lookAlikes, ...filesAtHand(process.env['TESSERA_4D_PROJECTS'])])('A26 nothing of a file is lost: %s', (_what, text) => {
    expect(read(text)).toEqual(said(text))
    expect(parseRoles(text).warnings).toEqual([])
  })
})
