import { JsonSyntaxError, type JsonWithPlaces, readJson, withoutByteOrderMark } from '@tessera/core'
import type { Problem } from '@tessera/protocol'
import type { z } from 'zod'

export interface DocumentFile<Schema extends z.ZodType> {
  file: string
  text: string
  /** Of its problems: `tessera-json-invalid`, `catalog-invalid`. */
  code: string
  schema: Schema
}

export interface ParsedDocument<Value> {
  value: Value | null
  json: JsonWithPlaces | null
  problems: Problem[]
}

/** Reads a JSON file of the project by its schema; each problem stands where the wrong value stands. */
export const parseDocument = <Schema extends z.ZodType>({ file, text, code, schema }: DocumentFile<Schema>): ParsedDocument<z.infer<Schema>> => {
  const found = { file, severity: 'error', code } as const
  try {
    const json = readJson(withoutByteOrderMark(text))
    const parsed = schema.safeParse(json.value)
    if (parsed.success) return { value: parsed.data, json, problems: [] }
    const problems = parsed.error.issues.flatMap((issue) => locate(issue, json).map((each) => ({ ...found, ...each })))
    return { value: null, json, problems }
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause
    return { value: null, json: null, problems: [{ ...found, ...cause.place, message: `this is not JSON: ${cause.message}` }] }
  }
}

type Located = Pick<Problem, 'line' | 'column' | 'message'>

const locate = (issue: z.core.$ZodIssue, json: JsonWithPlaces): Located[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...json.placeOfKey([...issue.path, key]), message: `${nameOf(issue.path)} has no member "${key}"` }))
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined && !hasValue(json.value, issue.path)
  const message = missing ? `${nameOf(issue.path)} is missing` : `${nameOf(issue.path)}: ${issue.message}`
  return [{ ...json.placeOf(issue.path), message }]
}

const nameOf = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'the document'
    : path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
        .join('')
        .replace(/^\./, '')

const hasValue = (document: unknown, path: readonly PropertyKey[]): boolean => {
  let value: unknown = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false
    value = Reflect.get(value, step)
  }
  return true
}
