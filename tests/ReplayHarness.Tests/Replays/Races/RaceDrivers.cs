using Races;

namespace ReplayHarness.Tests.Replays;

public sealed class RaceAddedByDelegateBroken() : PitfallDriver(() => AddedByDelegate.Broken);

public sealed class RaceAddedByDelegateFixed() : PitfallDriver(() => AddedByDelegate.Fixed);

public sealed class RaceAnnouncedEarlyBroken() : PitfallDriver(() => AnnouncedEarly.Broken);

public sealed class RaceAnnouncedEarlyFixed() : PitfallDriver(() => AnnouncedEarly.Fixed);

public sealed class RaceBudgetCheckBroken() : PitfallDriver(() => BudgetCheck.Broken);

public sealed class RaceBudgetCheckFixed() : PitfallDriver(() => BudgetCheck.Fixed);

public sealed class RaceClosedTwiceBroken() : PitfallDriver(() => ClosedTwice.Broken);

public sealed class RaceClosedTwiceFixed() : PitfallDriver(() => ClosedTwice.Fixed);

public sealed class RaceCopiedOverBroken() : PitfallDriver(() => CopiedOver.Broken);

public sealed class RaceCopiedOverFixed() : PitfallDriver(() => CopiedOver.Fixed);

public sealed class RaceCrossedTransfersBroken() : PitfallDriver(() => CrossedTransfers.Broken);

public sealed class RaceCrossedTransfersFixed() : PitfallDriver(() => CrossedTransfers.Fixed);

public sealed class RaceDefaultHeadersBroken() : PitfallDriver(() => DefaultHeaders.Broken);

public sealed class RaceDefaultHeadersFixed() : PitfallDriver(() => DefaultHeaders.Fixed);

public sealed class RaceDeskForEachBroken() : PitfallDriver(() => DeskForEach.Broken);

public sealed class RaceDeskForEachFixed() : PitfallDriver(() => DeskForEach.Fixed);

public sealed class RaceDoubleCheckedBroken() : PitfallDriver(() => DoubleChecked.Broken);

public sealed class RaceDoubleCheckedFixed() : PitfallDriver(() => DoubleChecked.Fixed);

public sealed class RaceEventAccessorBroken() : PitfallDriver(() => EventAccessor.Broken);

public sealed class RaceEventAccessorFixed() : PitfallDriver(() => EventAccessor.Fixed);

public sealed class RaceFlagBeforeDataBroken() : PitfallDriver(() => FlagBeforeData.Broken);

public sealed class RaceFlagBeforeDataFixed() : PitfallDriver(() => FlagBeforeData.Fixed);

public sealed class RaceHalfOpenedBroken() : PitfallDriver(() => HalfOpened.Broken);

public sealed class RaceHalfOpenedFixed() : PitfallDriver(() => HalfOpened.Fixed);

public sealed class RaceJobTakenTwiceBroken() : PitfallDriver(() => JobTakenTwice.Broken);

public sealed class RaceJobTakenTwiceFixed() : PitfallDriver(() => JobTakenTwice.Fixed);

public sealed class RaceJoinedMeanwhileBroken() : PitfallDriver(() => JoinedMeanwhile.Broken);

public sealed class RaceJoinedMeanwhileFixed() : PitfallDriver(() => JoinedMeanwhile.Fixed);

public sealed class RaceLazyCodeBroken() : PitfallDriver(() => LazyCode.Broken);

public sealed class RaceLazyCodeFixed() : PitfallDriver(() => LazyCode.Fixed);

public sealed class RaceLetGoBetweenBroken() : PitfallDriver(() => LetGoBetween.Broken);

public sealed class RaceLetGoBetweenFixed() : PitfallDriver(() => LetGoBetween.Fixed);

public sealed class RaceLineIndexBroken() : PitfallDriver(() => LineIndex.Broken);

public sealed class RaceLineIndexFixed() : PitfallDriver(() => LineIndex.Fixed);

public sealed class RaceLockedNumberBroken() : PitfallDriver(() => LockedNumber.Broken);

public sealed class RaceLockedNumberFixed() : PitfallDriver(() => LockedNumber.Fixed);

public sealed class RaceOneCellBroken() : PitfallDriver(() => OneCell.Broken);

public sealed class RaceOneCellFixed() : PitfallDriver(() => OneCell.Fixed);

public sealed class RaceOneEnumeratorBroken() : PitfallDriver(() => OneEnumerator.Broken);

public sealed class RaceOneEnumeratorFixed() : PitfallDriver(() => OneEnumerator.Fixed);

public sealed class RaceOneHashBroken() : PitfallDriver(() => OneHash.Broken);

public sealed class RaceOneHashFixed() : PitfallDriver(() => OneHash.Fixed);

public sealed class RaceOneSumOfThreeBroken() : PitfallDriver(() => OneSumOfThree.Broken);

public sealed class RaceOneSumOfThreeFixed() : PitfallDriver(() => OneSumOfThree.Fixed);

public sealed class RaceOuterVariableBroken() : PitfallDriver(() => OuterVariable.Broken);

public sealed class RaceOuterVariableFixed() : PitfallDriver(() => OuterVariable.Fixed);

public sealed class RacePaymentKeysBroken() : PitfallDriver(() => PaymentKeys.Broken);

public sealed class RacePaymentKeysFixed() : PitfallDriver(() => PaymentKeys.Fixed);

public sealed class RacePreparedRequestBroken() : PitfallDriver(() => PreparedRequest.Broken);

public sealed class RacePreparedRequestFixed() : PitfallDriver(() => PreparedRequest.Fixed);

public sealed class RaceProgressReportBroken() : PitfallDriver(() => ProgressReport.Broken);

public sealed class RaceProgressReportFixed() : PitfallDriver(() => ProgressReport.Fixed);

public sealed class RaceRateLimitBroken() : PitfallDriver(() => RateLimit.Broken);

public sealed class RaceRateLimitFixed() : PitfallDriver(() => RateLimit.Fixed);

public sealed class RaceReadBesideIncrementBroken() : PitfallDriver(() => ReadBesideIncrement.Broken);

public sealed class RaceReadBesideIncrementFixed() : PitfallDriver(() => ReadBesideIncrement.Fixed);

public sealed class RaceReasonAfterCancelBroken() : PitfallDriver(() => ReasonAfterCancel.Broken);

public sealed class RaceReasonAfterCancelFixed() : PitfallDriver(() => ReasonAfterCancel.Fixed);

public sealed class RaceRefreshedTwiceBroken() : PitfallDriver(() => RefreshedTwice.Broken);

public sealed class RaceRefreshedTwiceFixed() : PitfallDriver(() => RefreshedTwice.Fixed);

public sealed class RaceReportInJsonBroken() : PitfallDriver(() => ReportInJson.Broken);

public sealed class RaceReportInJsonFixed() : PitfallDriver(() => ReportInJson.Fixed);

public sealed class RaceRingOfLocksBroken() : PitfallDriver(() => RingOfLocks.Broken);

public sealed class RaceRingOfLocksFixed() : PitfallDriver(() => RingOfLocks.Fixed);

public sealed class RaceSeatInFactoryBroken() : PitfallDriver(() => SeatInFactory.Broken);

public sealed class RaceSeatInFactoryFixed() : PitfallDriver(() => SeatInFactory.Fixed);

public sealed class RaceSharedStatementBroken() : PitfallDriver(() => SharedStatement.Broken);

public sealed class RaceSharedStatementFixed() : PitfallDriver(() => SharedStatement.Fixed);

public sealed class RaceSharedStreamBroken() : PitfallDriver(() => SharedStream.Broken);

public sealed class RaceSharedStreamFixed() : PitfallDriver(() => SharedStream.Fixed);

public sealed class RaceStampedeBroken() : PitfallDriver(() => Stampede.Broken);

public sealed class RaceStampedeFixed() : PitfallDriver(() => Stampede.Fixed);

public sealed class RaceTenantOfThreadBroken() : PitfallDriver(() => TenantOfThread.Broken);

public sealed class RaceTenantOfThreadFixed() : PitfallDriver(() => TenantOfThread.Fixed);

public sealed class RaceTokenTotalBroken() : PitfallDriver(() => TokenTotal.Broken);

public sealed class RaceTokenTotalFixed() : PitfallDriver(() => TokenTotal.Fixed);

public sealed class RaceTranscriptBroken() : PitfallDriver(() => Transcript.Broken);

public sealed class RaceTranscriptFixed() : PitfallDriver(() => Transcript.Fixed);

public sealed class RaceTwoPermitsBroken() : PitfallDriver(() => TwoPermits.Broken);

public sealed class RaceTwoPermitsFixed() : PitfallDriver(() => TwoPermits.Fixed);

public sealed class RaceUsedAfterReturnBroken() : PitfallDriver(() => UsedAfterReturn.Broken);

public sealed class RaceUsedAfterReturnFixed() : PitfallDriver(() => UsedAfterReturn.Fixed);
