import { timetableContract } from '../contracts/timetable.contract.ts'
import { MemoryTimetable } from './memory-timetable.ts'

timetableContract('the timetable in memory', () => new MemoryTimetable())
