#!/usr/bin/env bash
# A Slurm of one node: slurm.sh FOLDER PORT PORT. Its configuration is FOLDER/slurm.conf; slurmctld.pid and slurmd.pid say what to end.
set -euo pipefail
dir="$(realpath "$1")"
mkdir -p "$dir/state" "$dir/spool"
host="$(hostname -s)"
install -d -o munge -g munge -m 0755 /run/munge
pgrep -x munged >/dev/null || runuser -u munge -- munged --socket=/run/munge/munge.socket.2
cat > "$dir/slurm.conf" <<CONF
ClusterName=replays
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$2
SlurmdPort=$3
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -f "$dir/slurm.conf"
slurmd -f "$dir/slurm.conf"
