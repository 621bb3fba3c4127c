package worker

import (
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// handles is the environment variable with the handles of the pipes.
const handles = "NABLA_WORKER_HANDLES"

// inherit gives the pipes to the process that command will start. There is no
// file of lines: a file without a name cannot be had.
func inherit(command *exec.Cmd, in, out, _ *os.File) {
	var values []string
	attr := &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	for _, f := range []*os.File{in, out} {
		h := syscall.Handle(f.Fd())
		syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
		attr.AdditionalInheritedHandles = append(attr.AdditionalInheritedHandles, h)
		values = append(values, strconv.FormatUint(uint64(h), 16))
	}
	command.SysProcAttr = attr
	command.Env = append(os.Environ(), handles+"="+strings.Join(values, " "))
}

// inherited are the pipes that the kernel gave. Processes that cells start do
// not get them.
func inherited() (in, out, lines *os.File, err error) {
	var files []*os.File
	for field := range strings.FieldsSeq(os.Getenv(handles)) {
		h, err := strconv.ParseUint(field, 16, 64)
		if err != nil {
			return nil, nil, nil, err
		}
		syscall.SetHandleInformation(syscall.Handle(h), syscall.HANDLE_FLAG_INHERIT, 0)
		files = append(files, os.NewFile(uintptr(h), "pipe"))
	}
	os.Unsetenv(handles)
	if len(files) != 2 {
		return nil, nil, nil, errNoPipes
	}
	return files[0], files[1], nil, nil
}

func newScratch() *os.File { return nil }

var (
	kernel32      = syscall.NewLazyDLL("kernel32.dll")
	createJob     = kernel32.NewProc("CreateJobObjectW")
	setJob        = kernel32.NewProc("SetInformationJobObject")
	assignProcess = kernel32.NewProc("AssignProcessToJobObject")
	terminateJob  = kernel32.NewProc("TerminateJobObject")
)

// The limits of a job, as the system lays them out.
type jobLimits struct {
	processTime, jobTime         int64
	flags                        uint32
	minWorkingSet, maxWorkingSet uintptr
	processes                    uint32
	affinity                     uintptr
	priority, scheduling         uint32
	io                           [6]uint64
	processMemory, jobMemory     uintptr
	peakProcess, peakJob         uintptr
}

const (
	extendedLimits    = 9      // JobObjectExtendedLimitInformation
	killWithLastOwner = 0x2000 // JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	accessToAssign    = 0x0101 // PROCESS_SET_QUOTA, PROCESS_TERMINATE
)

// A group is a process with those that it has started: a job, which ends when
// this process does.
type group struct {
	job     uintptr
	process *os.Process
}

func (g *group) begin(command *exec.Cmd) {
	g.process = command.Process
	job, _, _ := createJob.Call(0, 0)
	if job == 0 {
		return
	}
	limits := jobLimits{flags: killWithLastOwner}
	setJob.Call(job, extendedLimits, uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits))
	h, err := syscall.OpenProcess(accessToAssign, false, uint32(command.Process.Pid))
	if err != nil {
		return
	}
	defer syscall.CloseHandle(h)
	if ok, _, _ := assignProcess.Call(job, uintptr(h)); ok != 0 {
		g.job = job
	}
}

func (g *group) end() {}

func (g *group) kill() {
	if g.job != 0 {
		terminateJob.Call(g.job, 1)
	}
	if g.process != nil {
		g.process.Kill()
	}
}

// guardSignals makes Ctrl-C interrupt the cells.
func guardSignals(_ int, interrupt func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			interrupt()
		}
	}()
}

// endGroup does nothing: the job ends with the kernel.
func endGroup() {}

// endCopy does nothing: a process cannot fork.
func endCopy() {}
