import { setTimeout as wait } from 'node:timers/promises'

export const between = (least: number, most: number): number => least + Math.random() * (most - least)

export const oneOf = <Item>(items: readonly [Item, ...Item[]]): Item => items[Math.floor(Math.random() * items.length)] ?? items[0]

export const happens = (probability: number): boolean => Math.random() < probability

/** As long as a person takes between two acts. */
export const hesitate = (): Promise<void> => wait(between(500, 4000))

const firstNames = ['Ana', 'Bruno', 'Carmen', 'Diego', 'Elena', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Keiko', 'Luis', 'Maya', 'Noor', 'Oscar'] as const
const lastNames = ['Arias', 'Berg', 'Costa', 'Dubois', 'Ferrer', 'Gallo', 'Hansen', 'Ito', 'Keller', 'Lopez', 'Moreau', 'Novak', 'Rossi', 'Silva'] as const

/** A mail address that reads like a person's. */
export const someEmail = (): string => `${oneOf(firstNames)}.${oneOf(lastNames)}${Math.floor(between(10, 100))}@example.com`.toLowerCase()
