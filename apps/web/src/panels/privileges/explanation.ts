/** What the roles say about one action: the verdict, and the sentences that lead to it. */
export interface Verdict {
  allowed: boolean
  sentences: readonly string[]
}

export interface Explanation {
  web: Verdict
  desktop: Verdict
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** @throws Error for what is no explanation. */
export const parseExplanation = (answer: unknown): Explanation => {
  if (!isRecord(answer)) throw new Error('The server explained nothing.')
  return { web: parseVerdict(answer['web']), desktop: parseVerdict(answer['desktop']) }
}

const parseVerdict = (value: unknown): Verdict => {
  if (!isRecord(value) || typeof value['allowed'] !== 'boolean') throw new Error('The server gave no verdict.')
  const sentences: unknown = value['sentences']
  return { allowed: value['allowed'], sentences: Array.isArray(sentences) ? sentences.filter((one) => typeof one === 'string') : [] }
}

/** Actions and kinds of resources as `roles.json` writes them. */
export const actions = ['execute', 'read', 'create', 'update', 'drop', 'promote'] as const
export const resourceTypes = ['method', 'dataclass', 'attribute', 'datastore', 'singleton', 'singletonMethod'] as const
