using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using ReplayHarness.Replays;
using TeamAgents;

namespace ReplayHarness.Tests.TeamAgents;

/// <summary>The gallery's agent on Semantic Kernel, whose connector tells errors; a filter stands around its functions.</summary>
public abstract class GalleryFiltered(bool queued, OnError onError, bool ofMethods) : IReplayDriver
{
    public async Task RunAsync(IServiceProvider services, ReplayInput input, CancellationToken cancellationToken)
    {
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion("gpt-4o-mini", "none");
        var line = new OfficeLine(ProgramDriver.Backend(), queued);
        var tools = new GalleryTools(line);
        if (ofMethods)
            builder.Plugins.AddFromObject(new Office(line), "Office");
        else
            builder.Plugins.AddFromFunctions("Office", [tools.Painting.AsKernelFunction(), tools.Guide.AsKernelFunction()]);
        builder.Services.AddSingleton<IFunctionInvocationFilter>(new Guard(onError));
        var kernel = builder.Build();
        var history = new ChatHistory("You know the halls of a gallery.");
        history.AddUserMessage(input.Text);
        var settings = new OpenAIPromptExecutionSettings
        {
            FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(options: new() { AllowConcurrentInvocation = true }),
        };
        await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(history, settings, kernel, cancellationToken);
    }

    private sealed class Office(OfficeLine line)
    {
        [KernelFunction("find_painting")]
        public Task<string> FindPaintingAsync(string title, CancellationToken cancellationToken) =>
            line.AskAsync($"paintings/{Uri.EscapeDataString(title)}", cancellationToken);

        [KernelFunction("find_guide")]
        public Task<string> FindGuideAsync(string hall, CancellationToken cancellationToken) =>
            line.AskAsync($"guides/{Uri.EscapeDataString(hall)}", cancellationToken);
    }

    private sealed class Guard(OnError onError) : IFunctionInvocationFilter
    {
        public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException e)
            {
                context.Result = new FunctionResult(context.Function, onError == OnError.Tell ? $"Error: {e.Message}" : "[]");
            }
        }
    }
}

public sealed class GalleryFilterTells() : GalleryFiltered(true, OnError.Tell, ofMethods: true);

public sealed class GalleryFilterToldOnly() : GalleryFiltered(false, OnError.Tell, ofMethods: true);

public sealed class GalleryFilterHides() : GalleryFiltered(true, OnError.Hide, ofMethods: true);

public sealed class GalleryFilterHidesOfFunctions() : GalleryFiltered(true, OnError.Hide, ofMethods: false);
