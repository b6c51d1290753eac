import { type ExplanationRow, TesseraError } from '@tessera/protocol'
import type { Session } from '../session/session.ts'
import { judgeBearer } from './authorise.ts'
import type { Access, Demand, Judgement } from './permissions.ts'
import { quoted } from './roles/findings.ts'
import { type Holding, wayTo } from './roles/held.ts'
import { type Action, actions, type Resource, type ResourceType, type Roles, resourceKey, resourceTypes } from './roles/roles.ts'
import { showPermission } from './show-roles.ts'

export interface Question {
  action: string
  resource: string
  /** Null: what roles.json calls it, else what such a name and action usually mean. */
  type: string | null
}

/**
 * Says whether the session may do it, on the desktop and on the web, and why.
 * @throws TesseraError `BAD_REQUEST` for an action or a type that there is not.
 */
export const explain = (session: Session, question: Question): ExplanationRow => {
  const access = parseQuestion(session.roles, question)
  const judgement = judgeBearer(session, access)
  const { decidedBy, permission, wouldDo, held } = judgement.decisive
  return {
    session: session.id,
    action: access.action,
    resource: access.resource,
    desktop: session.kind === 'web' ? null : { allowed: true },
    web: {
      allowed: judgement.allowed,
      decidedBy,
      permission: permission && showPermission(permission),
      wouldDo: [...wouldDo],
      held: held.map((holding) => ({ privilege: holding.name, through: wayTo(holding).slice(0, -1), byAll: holding.byAll })),
    },
    sentences: [...desktopSentences(session), verdict(session, access, judgement), ...judgement.demands.map((demand) => reason(demand, access))],
  }
}

const parseQuestion = (roles: Roles, { action, resource, type }: Question): Access => {
  const wanted = actions.find((each) => each === action)
  if (wanted === undefined)
    throw new TesseraError('BAD_REQUEST', `There is no action "${action.slice(0, 40)}" to ask about: it is one of ${actions.join(', ')}.`)
  const given = resourceTypes.find((each) => each === type)
  if (type !== null && given === undefined)
    throw new TesseraError('BAD_REQUEST', `There is no type "${type.slice(0, 40)}" of resource: it is one of ${resourceTypes.join(', ')}.`)
  return { action: wanted, resource: { type: given ?? typeOf(roles, wanted, resource), name: resource.trim() } }
}

const typeOf = (roles: Roles, action: Action, name: string): ResourceType => {
  const listed = resourceTypes.find((type) => roles.permissions.has(resourceKey({ type, name })))
  if (listed !== undefined) return listed
  if (name.trim().toLowerCase() === 'ds') return 'datastore'
  if (action === 'execute') return 'method'
  return name.includes('.') ? 'attribute' : 'dataclass'
}

const desktopSentences = ({ kind }: Session): string[] => {
  if (kind === 'web') return []
  const who = kind === 'storedProcedures' ? 'Stored procedures' : 'Desktop sessions'
  return [`${who} are never restricted; for the web side of this session:`]
}

const verdict = ({ id }: Session, { action, resource }: Access, { allowed }: Judgement): string =>
  `Session ${id.slice(0, 6)} ${allowed ? 'may' : 'may not'} ${action} ${nameOf(resource)}.`

const nameOf = ({ type, name }: Resource): string => (type === 'datastore' ? 'the datastore' : `the ${type} ${name}`)

const reason = ({ action, met, decidedBy, permission, wouldDo, held }: Demand, asked: Access): string => {
  const needed = action === asked.action ? '' : `To ${asked.action}, one must be allowed to ${action} as well. `
  if (permission === null) return `${needed}${unlisted[decidedBy](action)}`
  const where = `${needed}By roles.json, line${permission.lines.length === 1 ? '' : 's'} ${permission.lines.join(' and ')},`
  if (wouldDo.length === 0) return `${where} nobody may ${action} ${nameOf(permission)}: none of the privileges named there can be held.`
  const takes = `${where} to ${action} ${nameOf(permission)} takes ${listOf(wouldDo)}`
  return met ? `${takes}; the session holds ${held.map(howHeld).join(' and ')}.` : `${takes}; the session holds none of these.`
}

const unlisted: Record<Demand['decidedBy'], (action: Action) => string> = {
  open: (action) => `No entry of roles.json says what it takes to ${action} it, and what it does not name is open (restrictedByDefault is false).`,
  restrictedByDefault: (action) =>
    `No entry of roles.json says what it takes to ${action} it, and what it does not name is closed (restrictedByDefault is true).`,
  forceLogin: () => 'Whoever must sign in may always call authentify (forceLogin is true).',
  permission: () => '',
}

const listOf = (names: readonly string[]): string => {
  const shown = names.slice(0, 10).map(quoted)
  const more = names.length - shown.length
  return `${shown.join(' or ')}${more > 0 ? ` or one of ${more} more` : ''}`
}

const howHeld = (holding: Holding): string => {
  const through = wayTo(holding).slice(0, -1).reverse()
  const all = holding.byAll ? ', as everybody does' : ''
  const way = through.length === 0 ? '' : ` through ${through.slice(0, 5).map(quoted).join(', which comes with ')}`
  return `${quoted(holding.name)}${all}${way}`
}
