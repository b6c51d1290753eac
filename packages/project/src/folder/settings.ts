import { limits } from '@tessera/protocol'
import { z } from 'zod'
import { type ParsedDocument, parseDocument } from './parse-document.ts'

export const settingsFile = 'tessera.json'

const text = z.string().trim().min(1).max(200)
const clientNumber = z.number().int().min(1).max(1_000_000)

/** `tessera.json`. Members are documented here once: the JSON schema that editors use is made from it. */
export const settingsSchema = z.strictObject({
  $schema: z.string().describe('JSON schema of this file, for editors.').optional(),
  name: text.describe('Name of the project, as people read it.'),
  publication: text.describe('Name under which the server is listed on the network; the name of the project without it (4d.md CON-03).').optional(),
  port: z.number().int().min(1).max(65_535).default(limits.defaultPort).describe('Port on which the project is served (4d.md CON-01).'),
  clientRange: z
    .strictObject({ min: clientNumber, max: clientNumber })
    .refine(({ min, max }) => min <= max, { message: 'min must not be above max' })
    .default({ min: 1, max: 1 })
    .describe('Numbers of the built client applications that may connect (4d.md UPD-02).'),
})

export interface Settings {
  name: string
  publication: string
  port: number
  clientRange: { min: number; max: number }
}

export const parseSettings = (content: string): ParsedDocument<Settings> => {
  const { value, json, problems } = parseDocument({ file: settingsFile, text: content, code: 'tessera-json-invalid', schema: settingsSchema })
  if (value === null) return { value, json, problems }
  const { name, publication = name, port, clientRange } = value
  return { value: { name, publication, port, clientRange }, json, problems }
}

/** The JSON schema of `tessera.json`. */
export const settingsJsonSchema = (): object => ({ ...z.toJSONSchema(settingsSchema, { io: 'input' }), title: 'Tessera project' })
