const inherited = ['PATH', 'TZ', 'LANG', 'NODE_ENV'] as const

/** All that project code finds in `process.env`: a few variables of the server's own, and what it was given explicitly. */
export const isolateEnvironment = (explicit: Readonly<Record<string, string>>): Record<string, string> => {
  const kept = inherited.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...explicit }
}
