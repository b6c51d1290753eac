import type { Held, Holding } from './roles/held.ts'
import { type Action, isHoldable, keyOf, type Permission, type Resource, type Roles, resourceKey } from './roles/roles.ts'

/** What somebody on the web wants. */
export interface Access {
  action: Action
  resource: Resource
}

/**
 * What decided one demand: the list of a permission; that a resource which no permission names is open, or closed (4d.md
 * PRV-16); or that signing in must always be possible (PRV-14).
 */
export type DecidedBy = 'permission' | 'open' | 'restrictedByDefault' | 'forceLogin'

/** One thing that must be met; several may be, and then all must. */
export interface Demand {
  action: Action
  met: boolean
  decidedBy: DecidedBy
  /** The entry that decided: of the resource itself or of what it belongs to. */
  permission: Permission | null
  /** Privileges that would do, any of them: those named that somebody can hold, as spelled. */
  wouldDo: readonly string[]
  /** Those of them that are held. */
  held: readonly Holding[]
}

export interface Judgement {
  allowed: boolean
  /** The first demand that is not met; where all are, the first that a permission decided. */
  decisive: Demand
  demands: readonly Demand[]
}

/** Says whether whoever holds these privileges may do it on the web, and why (4d.md PRV-05..17). Desktop code is never asked. */
export const judge = (roles: Roles, held: Held, access: Access): Judgement => {
  const demands = isSigningIn(roles, access) ? [alwaysOpen] : demandsOf(roles, held, access)
  const [first = alwaysOpen] = demands
  const decisive = demands.find(({ met }) => !met) ?? demands.find(({ decidedBy }) => decidedBy === 'permission') ?? first
  return { allowed: decisive.met, decisive, demands }
}

/** Names that the file lends to a call of that function for as long as it runs (4d.md PRV-15): its own entry alone counts. */
export const staticPromotions = (roles: Roles, resource: Resource): string[] => {
  if (resource.type !== 'method' && resource.type !== 'singletonMethod') return []
  const names = roles.permissions.get(resourceKey(resource))?.lists.get('promote') ?? []
  const lent = names.flatMap((name) => (isHoldable(roles.privileges, name) ? [roles.privileges.get(keyOf(name))?.name ?? keyOf(name)] : []))
  return [...new Set(lent)]
}

const alwaysOpen: Demand = { action: 'execute', met: true, decidedBy: 'forceLogin', permission: null, wouldDo: [], held: [] }

const isSigningIn = ({ forceLogin }: Roles, { action, resource }: Access): boolean =>
  forceLogin && action === 'execute' && resource.type === 'method' && keyOf(resource.name) === 'ds.authentify'

/** Changing and dropping take reading as well (4d.md PRV-07); an attribute takes what its dataclass takes, and its own list besides (PRV-05). */
const demandsOf = (roles: Roles, held: Held, { action, resource }: Access): Demand[] =>
  (action === 'update' || action === 'drop' ? [action, 'read' as const] : [action]).flatMap((needed) => {
    const own = resource.type === 'attribute' ? demandOfList(roles, held, { action: needed, resource }) : null
    const inherited = demandAlong(roles, held, { action: needed, resource })
    return own === null ? [inherited] : [inherited, own]
  })

/** The nearest list decides, and those above it say nothing (4d.md PRV-05, PRV-06). */
const demandAlong = (roles: Roles, held: Held, { action, resource }: Access): Demand => {
  for (const above of inheritsFrom(resource)) {
    const demand = demandOfList(roles, held, { action, resource: above })
    if (demand !== null) return demand
  }
  const nobodyAsked = { action, permission: null, wouldDo: [], held: [] }
  return roles.restrictedByDefault ? { ...nobodyAsked, met: false, decidedBy: 'restrictedByDefault' } : { ...nobodyAsked, met: true, decidedBy: 'open' }
}

/** Null where the file lists nothing for it. */
const demandOfList = (roles: Roles, held: Held, { action, resource }: Access): Demand | null => {
  const permission = roles.permissions.get(resourceKey(resource))
  const named = permission?.lists.get(action) ?? []
  if (permission === undefined || named.length === 0) return null
  const wouldDo = named.filter((name) => isHoldable(roles.privileges, name))
  const holdings = wouldDo.flatMap((name) => held.get(keyOf(name)) ?? [])
  return { action, met: holdings.length > 0, decidedBy: 'permission', permission, wouldDo, held: [...new Set(holdings)] }
}

const datastore: Resource = { type: 'datastore', name: 'ds' }

/** From the resource whose list replaces the others' down to the datastore's. Of an attribute: those of its dataclass. */
const inheritsFrom = ({ type, name }: Resource): Resource[] => {
  const owner = name.slice(0, Math.max(name.indexOf('.'), 0))
  switch (type) {
    case 'datastore':
      return [datastore]
    case 'attribute':
      return [{ type: 'dataclass', name: owner }, datastore]
    case 'method':
      return [{ type, name }, { type: 'dataclass', name: owner }, datastore]
    case 'singletonMethod':
      return [{ type, name }, { type: 'singleton', name: owner }, datastore]
    case 'dataclass':
    case 'singleton':
      return [{ type, name }, datastore]
  }
}
