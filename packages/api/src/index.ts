export type { Context, Operator } from './context.ts'
export { type AppRouter, appRouter } from './router.ts'
export { sessionNamed } from './routers/storage.ts'
export type { TesseraErrorData } from './trpc.ts'
