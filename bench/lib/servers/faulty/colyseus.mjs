import { faults } from '../../../p2/faults.mjs'
import { Hall, start as startRoom } from '../colyseus.mjs'

class FaultyHall extends Hall {
  /** @override */
  onCreate() {
    super.onCreate()
    for (const [name, { run }] of Object.entries(faults)) this.answer(name, run)
  }
}

export const start = () => startRoom(FaultyHall)
