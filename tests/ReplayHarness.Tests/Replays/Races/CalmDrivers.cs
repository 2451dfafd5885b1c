using Races;

namespace ReplayHarness.Tests.Replays;

public sealed class CalmAtomicsHealthy() : PitfallDriver(() => CalmAtomics.Healthy);

public sealed class CalmChannelHealthy() : PitfallDriver(() => CalmChannel.Healthy);

public sealed class CalmFactoryHealthy() : PitfallDriver(() => CalmFactory.Healthy);

public sealed class CalmLockedHealthy() : PitfallDriver(() => CalmLocked.Healthy);

public sealed class CalmOneByOneHealthy() : PitfallDriver(() => CalmOneByOne.Healthy);

public sealed class CalmOwnPlacesHealthy() : PitfallDriver(() => CalmOwnPlaces.Healthy);

public sealed class CalmPoolHealthy() : PitfallDriver(() => CalmPool.Healthy);

public sealed class CalmReadersAndWritersHealthy() : PitfallDriver(() => CalmReadersAndWriters.Healthy);

public sealed class CalmRegistrationHealthy() : PitfallDriver(() => CalmRegistration.Healthy);

public sealed class CalmSourceHealthy() : PitfallDriver(() => CalmSource.Healthy);

public sealed class CalmSwapHealthy() : PitfallDriver(() => CalmSwap.Healthy);

public sealed class CalmTimerHealthy() : PitfallDriver(() => CalmTimer.Healthy);

public sealed class CalmVolatileFlagHealthy() : PitfallDriver(() => CalmVolatileFlag.Healthy);
