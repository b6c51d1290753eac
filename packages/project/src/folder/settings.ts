import { type CallLogSettings, type ProjectExecution, type ScheduleFacts, usualCallLog, usualExecution } from '@tessera/core'
import { encodeStorable, limits } from '@tessera/protocol'
import { z } from 'zod'
import { type ParsedDocument, parseDocument } from './parse-document.ts'

export const settingsFile = 'tessera.json'

const text = z.string().trim().min(1).max(200)
const clientNumber = z.number().int().min(1).max(1_000_000)

const deadline = z.number().int().min(1).max(86_400_000)

const schedule = z.strictObject({
  name: text.describe('Names the schedule, and its procedures; unique in the project.'),
  cron: z.string().trim().min(1).max(200).describe('Five or six fields: [second] minute hour day month weekday.'),
  timeZone: z.string().min(1).max(100).optional().describe("IANA name, as in Europe/Madrid; the server's own without it."),
  method: text.describe('The method that is started as a stored procedure.'),
  args: z.array(z.json()).max(100).default([]).describe('Its arguments.'),
})

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
  execution: z
    .strictObject({
      host: z
        .enum(['process', 'thread'])
        .default(usualExecution.host)
        .describe('What isolates are: processes, or threads, which contain neither memory nor crashes.'),
      placement: z
        .enum(['shared', 'per-session'])
        .default(usualExecution.placement)
        .describe('Whether sessions share isolates, or each has one of its own from its first call on.'),
      isolates: z
        .number()
        .int()
        .min(1)
        .max(256)
        .nullable()
        .default(usualExecution.isolates)
        .describe(
          'Isolates of each version: without it one for each core, and two at least. With placement per-session: so many wait for sessions to come, one without it.',
        ),
      heapMb: z.number().int().min(32).max(65_536).default(usualExecution.heapMb).describe('Most heap of one isolate, in MiB.'),
      residentMb: z
        .number()
        .int()
        .min(64)
        .max(131_072)
        .default(usualExecution.residentMb)
        .describe('Most resident memory of one isolate, buffers included, in MiB; for processes only, and not on Windows.'),
      deadlineMs: deadline
        .nullable()
        .default(usualExecution.deadlineMs)
        .describe('Deadline of calls whose method and caller give none, in milliseconds; none without it.'),
      resultBytes: z.number().int().min(1024).max(268_435_456).nullable().default(usualExecution.resultBytes).describe('Largest result of one call, in bytes.'),
    })
    .refine(({ heapMb, residentMb }) => heapMb < residentMb, { message: 'residentMb must be above heapMb: the heap is part of what is resident' })
    .prefault({})
    .describe("How the project's code is run."),
  schedules: z.array(schedule).max(1000).default([]).describe('Stored procedures that the clock starts.'),
  callLog: z
    .strictObject({
      enabled: z.boolean().default(usualCallLog.enabled),
      slowMs: z.number().int().min(1).max(86_400_000).default(usualCallLog.slowMs).describe('From so many milliseconds on a call is a slow one.'),
      arguments: z.boolean().default(usualCallLog.arguments).describe('Whether arguments are kept in the log of calls: they may hold secrets.'),
    })
    .prefault({})
    .describe('The log of recent and slow calls.'),
})

export interface Settings {
  name: string
  publication: string
  port: number
  clientRange: { min: number; max: number }
  execution: ProjectExecution
  schedules: readonly ScheduleFacts[]
  callLog: CallLogSettings
}

export const parseSettings = (content: string): ParsedDocument<Settings> => {
  const { value, json, problems } = parseDocument({ file: settingsFile, text: content, code: 'tessera-json-invalid', schema: settingsSchema })
  if (value === null) return { value, json, problems }
  const { name, publication = name, port, clientRange, execution, callLog } = value
  const schedules = value.schedules.map(({ name, cron, timeZone = null, method, args }) => ({ name, cron, timeZone, method, args: encodeStorable(args) }))
  return { value: { name, publication, port, clientRange, execution, schedules, callLog }, json, problems }
}

/** The JSON schema of `tessera.json`. */
export const settingsJsonSchema = (): object => ({ ...z.toJSONSchema(settingsSchema, { io: 'input' }), title: 'Tessera project' })
